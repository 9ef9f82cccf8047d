/** A file that became shorter underneath a region: what was touched beyond its end is degraded, and in the way until it is discarded. */
import { truncateSync } from 'node:fs';
import { allocateSync } from 'hugepages';

const pageSize = Number(process.argv[2]);
const region = allocateSync({ size: 3 * pageSize, backing: [process.argv[3]], source: 'memfd', onExhaustion: 'degrade' });
region.bytes().fill(1);
const { pid, fd } = region.share().object;
truncateSync(`/proc/${pid}/fd/${fd}`, 2 * pageSize);
region.bytes()[2 * pageSize] = 2;

const steps = [region.degraded.pages];
try {
  region.resize(2 * pageSize);
} catch ({ code }) {
  steps.push(code);
}
region.discard(2 * pageSize, pageSize);
steps.push(region.degraded.pages);
region.resize(2 * pageSize);
steps.push(region.byteLength / pageSize, region.bytes()[2 * pageSize - 1]);
console.log(JSON.stringify(steps));
region.dispose();
