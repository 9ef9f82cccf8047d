/** Allocates and disposes memory of one source without end. */
import { allocateSync } from 'hugepages';

const [pageSize, source, path] = [Number(process.argv[2]), process.argv[3], process.argv[4]];
const options = { size: 4 * pageSize, pageSize, backing: ['hugetlb'], source };

console.log('running');
for (;;) {
  const at = source === 'file' ? { path } : {};
  const region = allocateSync({ ...options, ...at });
  region.bytes().fill(1);
  region.dispose();
  allocateSync({ ...options, ...at, prefault: false }).dispose();
}
