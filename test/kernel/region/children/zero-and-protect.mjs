/** Zeroes a region while it is made read-only and writable again. */
import { allocateSync } from 'hugepages';

const region = allocateSync({ size: 64 * 2 ** 20, backing: ['base'] });
let refused = 0;
for (let round = 0; round < 100; round++) {
  const zeroing = region.zero().catch((error) => {
    if (error.code !== 'ERR_HUGEPAGES_POPULATE') throw error;
    refused++;
  });
  for (let i = 0; i < round % 10; i++) await new Promise(setImmediate);
  region.protect('read');
  await zeroing;
  region.protect('read-write');
}
region.dispose();
console.log(JSON.stringify({ refused }));
