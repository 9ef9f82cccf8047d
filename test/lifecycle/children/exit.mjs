/** Holds regions of every kind, with buffers, prints the pool, and ends as it is told without having disposed any of them. */
import { writeSync } from 'node:fs';
import { allocate, allocateSync, pool } from 'hugepages';

const ending = process.argv[2];
const pageSize = Number(process.argv[3]);

const held = [
  await allocate({ size: 2 * pageSize, pageSize, backing: ['hugetlb'] }),
  await allocate({ size: 2 * pageSize, pageSize, backing: ['hugetlb'], shared: true }),
  allocateSync({ size: 2 * pageSize, pageSize, backing: ['hugetlb'], prefault: false }),
  allocateSync({ size: 2 * pageSize, backing: ['base'] }),
];
globalThis.views = held.map((region) => [region.buffer(), region.bytes(pageSize)]);
writeSync(1, `${JSON.stringify(pool(pageSize))}\n`);

const ENDINGS = {
  natural: () => undefined,
  'process.exit': () => process.exit(7),
  'uncaught throw': () => {
    throw new Error('uncaught');
  },
  'unhandled rejection': () => Promise.reject(new Error('unhandled')) && undefined,
  'dispose in an exit handler': () => process.on('exit', () => held.forEach((region) => region.dispose())),
  SIGTERM: () => {
    setInterval(() => undefined, 1000);
    process.kill(process.pid, 'SIGTERM');
  },
  abort: () => process.abort(),
};
ENDINGS[ending]();
