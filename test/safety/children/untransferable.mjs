/** Disposes a region whose ArrayBuffer must not be detached. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { markAsUntransferable } from 'node:worker_threads';
import { allocateSync } from 'hugepages';

function disposeMarked() {
  const region = allocateSync({ size: 4096, backing: ['base'] });
  const bytes = region.view(Uint8Array);
  bytes[0] = 7;
  markAsUntransferable(region.buffer());
  region.dispose();
  return { disposed: region.disposed, reads: bytes[0] ?? 0, buffer: new WeakRef(bytes.buffer) };
}

const { buffer, ...result } = disposeMarked();
console.log(JSON.stringify(result));

// Since 24 Node.js itself aborts at its exit while such a buffer over any addon's memory is alive.
while (buffer.deref() !== undefined) {
  await nextTurn();
  globalThis.gc();
}
await nextTurn();
