/** Asks for as many hugetlb pages as it is told, in the cgroup it was started in, and prints what came of it as JSON. */
import { allocate } from 'hugepages';

const [pageSize, pages] = process.argv.slice(2).map(Number);

async function outcome(prefault) {
  let region;
  try {
    region = await allocate({ size: pages * pageSize, backing: ['hugetlb'], prefault: prefault && { threads: 1 } });
    if (!prefault) await region.prefault({ threads: 1 });
    return { presentBytes: region.backing.presentBytes };
  } catch ({ name, code, errno, syscall, details }) {
    return { name, code, errno, syscall, populatedBytes: details?.populatedBytes };
  } finally {
    region?.dispose();
  }
}

console.log(JSON.stringify([await outcome(true), await outcome(false)]));
