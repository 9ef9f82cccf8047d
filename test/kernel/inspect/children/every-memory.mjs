/** Holds memory of every kind, private and shared, with pages and without, says how to attach what it shares, and stops. */
import { allocateSync } from 'hugepages';

const page = Number(process.argv[2]);

const [, touched, shared] = [
  { size: 2 * page, backing: ['hugetlb'] },
  { size: 3 * page, backing: ['hugetlb'], prefault: false },
  { size: 2 * page, backing: ['hugetlb'], source: 'memfd', name: 'two\nlines' },
  { size: 2 * page, backing: ['thp'], alignment: page },
  { size: page, backing: ['thp'], source: 'memfd' },
  { size: 2 ** 20, backing: ['base'] },
  { size: 2 ** 20, backing: ['base'], source: 'memfd' },
].map((options) => allocateSync(options));
touched.bytes(page, 1)[0] = 1;

console.log(JSON.stringify({ token: shared.share(), touched: String(touched.address) }));
process.kill(process.pid, 'SIGSTOP');
