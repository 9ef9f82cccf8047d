/** Holds pages that were charged to a cgroup which it then leaves and removes; prints the usage of its cgroup and of the one above. */
import { rmdirSync, writeFileSync } from 'node:fs';
import { allocateSync, cgroupLimits } from 'hugepages';

const [size, pages, own, other] = process.argv.slice(2);
const pageSize = Number(size);
const usages = () => cgroupLimits().hugetlb.find((limits) => limits.pageSize === pageSize).levels.map(({ usage }) => usage);

const region = allocateSync({ size: pages * pageSize, backing: ['hugetlb'], prefault: false });
await region.prefault({ threads: 1 });
const before = usages();
writeFileSync(`${other}/cgroup.procs`, String(process.pid));
rmdirSync(own);
const removed = usages();
region.dispose();
console.log(JSON.stringify({ before, removed, disposed: usages() }));
