/** Holds memory of every kind, private and shared, with pages and without, says how to attach what it shares, and stops. */
import { allocateSync } from 'hugepages';

const page = Number(process.argv[2]);

const regions = [
  { size: 2 * page, backing: ['hugetlb'] },
  { size: page, backing: ['hugetlb'], prefault: false },
  { size: 2 * page, backing: ['hugetlb'], source: 'memfd', name: 'two\nlines' },
  { size: 2 * page, backing: ['thp'], alignment: page },
  { size: page, backing: ['thp'], source: 'memfd' },
  { size: 2 ** 20, backing: ['base'] },
  { size: 2 ** 20, backing: ['base'], source: 'memfd' },
].map((options) => allocateSync(options));

console.log(JSON.stringify({ token: regions[2].share() }));
process.kill(process.pid, 'SIGSTOP');
