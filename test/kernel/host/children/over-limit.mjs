/** Asks for more than its cgroup may reserve, 7 pages of 6, and for more than it may have present, 4 pages of 3. */
import { allocate, cgroupLimits } from 'hugepages';

const pageSize = Number(process.argv[2]);
const levels = () => cgroupLimits().hugetlb.find((limits) => limits.pageSize === pageSize).levels;

async function outcome(pages) {
  try {
    (await allocate({ size: pages * pageSize, backing: ['hugetlb'], prefault: { threads: 1 } })).dispose();
    return 'granted';
  } catch ({ name, code, syscall, details }) {
    return code === 'ERR_HUGEPAGES_POPULATE' ? { name, code, populatedBytes: details.populatedBytes } : { name, code, syscall };
  }
}

const limits = levels();
const result = { limits, overReserved: await outcome(7), overLimit: await outcome(4) };
const [{ usage, reservedUsage }] = levels();
console.log(JSON.stringify({ ...result, after: { usage, reservedUsage } }));
