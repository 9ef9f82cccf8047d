/** Disposes a region whose ArrayBuffer must not be detached. */
import { markAsUntransferable } from 'node:worker_threads';
import { allocateSync } from 'hugepages';

const region = allocateSync({ size: 4096, backing: ['base'] });
const bytes = region.view(Uint8Array);
bytes[0] = 7;
markAsUntransferable(region.buffer());
region.dispose();
console.log(JSON.stringify({ disposed: region.disposed, reads: bytes[0] ?? 0 }));
