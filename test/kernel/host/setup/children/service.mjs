/** What a service has of this package without root, as one JSON object. */
import { allocate, explain, findMount, limits } from 'hugepages';

const pageSize = Number(process.argv[2]);
const options = { size: 2 * pageSize, pageSize, backing: ['hugetlb'] };
const { possible, candidates } = explain(options);
const region = await allocate(options);
region.bytes().fill(1);
const { presentBytes } = region.residency();
region.dispose();
console.log(
  JSON.stringify({
    ids: [process.getuid(), process.getgid()],
    capabilities: limits().capabilities,
    possible,
    reasons: candidates.flatMap(({ reasons }) => reasons),
    presentBytes,
    mayMakeHugetlbShm: limits().mayMakeHugetlbShm,
    mount: findMount(pageSize, { writable: true })?.mountPoint,
  }),
);
