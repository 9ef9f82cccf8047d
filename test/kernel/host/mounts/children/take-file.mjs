/** Asks for a file of huge pages that are not reserved, and prints what it is refused with. */
import { allocateSync } from 'hugepages';

try {
  allocateSync({ size: Number(process.argv[2]), backing: ['hugetlb'], source: 'file', reserve: false }).dispose();
} catch ({ code }) {
  console.log(code);
}
