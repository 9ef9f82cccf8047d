/**
 * Loads the library in a worker thread only. When that ends, Node.js closes the addon while there may still be something that leads
 * into its code: a prefault under way, or a SharedArrayBuffer that the main thread kept.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { collectUntil, ticks } from '../../support/gc.mjs';

const SIZE = 256 * 2 ** 20;

const isMapped = () => readFileSync('/proc/self/maps', 'utf8').includes('hugepages.node');

async function main(leftover) {
  const worker = new Worker(new URL(import.meta.url), { workerData: leftover });
  const [left] = await once(worker, 'message');
  assert(isMapped());
  await worker.terminate();
  const mapped = isMapped();
  if (left.buffer !== undefined) {
    assert.equal(new Uint8Array(left.buffer)[0], 0x5a);
    left.buffer = undefined;
  }
  await collectUntil(() => false); // a fixed number of collections: finalizers of what is left
  // The library works in this thread as if it had never been loaded.
  const { allocate } = await import('hugepages');
  const region = await allocate({ size: 1, backing: ['base'] });
  region.buffer();
  region.dispose();
  await ticks();
  console.log(JSON.stringify({ mapped }));
}

async function work(leftover) {
  const { allocate } = await import('hugepages');
  const region = await allocate({ size: SIZE, backing: ['base'], prefault: leftover === 'prefault' && { background: true, threads: 2 } });
  globalThis.kept = [region, region.buffer()];
  region.bytes()[0] = 0x5a;
  parentPort.postMessage({ buffer: leftover === 'shared buffer' ? region.sharedBuffer(0, 4096) : undefined });
  setInterval(() => undefined, 1000);
}

if (isMainThread) await main(process.argv[2]);
else await work(workerData);
