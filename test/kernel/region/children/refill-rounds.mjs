/** Discards and refills the pages of a region that has the whole pool, round after round. Prints how long that took. */
import { allocateSync } from 'hugepages';

const [, , rounds, options] = process.argv;
const region = allocateSync({ size: '8MiB', backing: ['hugetlb'], ...JSON.parse(options) });
const { pageSize } = region;
const begin = performance.now();
for (let round = 0; round < Number(rounds); round++) {
  const offset = (round % 4) * pageSize;
  region.bytes(offset, 1)[0] = 0x5a;
  if (region.discard(offset, pageSize).freedPages !== 1) throw new Error(`round ${round} freed no page`);
  region.refillSync(offset, pageSize, { threads: 1 });
  if (region.bytes(offset, 1)[0] !== 0) throw new Error(`round ${round} got a page that is not zeroed`);
}
const milliseconds = performance.now() - begin;
const holes = region.holes().length;
region.dispose();
console.log(JSON.stringify({ holes, milliseconds }));
