/** Touches each page of a region whose pool has fewer, and prints what came of it; how the process ends is the observation, too. */
import { allocate } from 'hugepages';

const [pageSize, pages] = process.argv.slice(2, 4).map(Number);
const region = await allocate({ size: pages * pageSize, backing: ['hugetlb'], prefault: false, ...JSON.parse(process.argv[4]) });
const events = [];
region.on('degraded', (page) => events.push(page));

const bytes = region.bytes();
for (let page = 0; page < pages; page++) bytes.writeUInt32LE(page + 1, page * pageSize + 4096 * page);
const read = Array.from({ length: pages }, (_, page) => bytes.readUInt32LE(page * pageSize + 4096 * page));
const { degraded } = region;
while (events.length < degraded.pages) await new Promise(setImmediate);

const runs = region.residency().runs.filter(({ present }) => present).map(({ offset, pageSize: size }) => [offset, size]);
console.log(JSON.stringify({ read, degraded, events, backing: region.backing, runs }));
region.dispose();
