/** A SharedArrayBuffer that outlives the thread it was made in, its region, or both. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { allocateSync, pool } from 'hugepages';
import { collectUntil } from '../../support/gc.mjs';

const make = (pageSize) => {
  const region = allocateSync({ size: pageSize, pageSize, backing: ['hugetlb'] });
  const buffer = region.sharedBuffer();
  new Uint8Array(buffer).fill(0x5a);
  return { region, buffer };
};

/** The thread that made it ends: the buffer keeps the pages, and its finalizer runs without an environment. */
async function outlivesThread(pageSize) {
  const before = pool(pageSize);
  const worker = new Worker(new URL(import.meta.url), { workerData: pageSize });
  let [buffer] = await once(worker, 'message');
  await worker.terminate();
  const found = new Uint8Array(buffer)[pageSize - 1];
  assert.equal(pool(pageSize).free, before.free - 1);
  buffer = undefined;
  assert(await collectUntil(() => isDeepStrictEqual(pool(pageSize), before)));
  return found;
}

/** The region is collected, not disposed: the buffer keeps the pages. */
async function outlivesRegion(pageSize) {
  const before = pool(pageSize);
  const { buffer } = make(pageSize);
  const kept = { buffer };
  await collectUntil(() => false); // a fixed number of collections
  assert.equal(pool(pageSize).free, before.free - 1);
  return new Uint8Array(kept.buffer)[pageSize - 1];
}

/** The region is disposed: the buffer reads zeros. */
async function outlivesDispose(pageSize) {
  const before = pool(pageSize);
  const { region, buffer } = make(pageSize);
  region.dispose();
  assert.deepEqual(pool(pageSize), before);
  await collectUntil(() => false);
  Atomics.add(new Int32Array(buffer), 0, 7);
  return [Atomics.load(new Int32Array(buffer), 0), new Uint8Array(buffer)[pageSize - 1]];
}

if (isMainThread) {
  const scenario = { outlivesThread, outlivesRegion, outlivesDispose }[process.argv[2]];
  console.log(JSON.stringify(await scenario(Number(process.argv[3]))));
} else {
  parentPort.postMessage(make(workerData).buffer);
  setInterval(() => undefined, 1000);
}
