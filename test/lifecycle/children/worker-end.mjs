/** A worker thread that holds regions and ends, or is terminated, while the process goes on. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { allocate, allocateSync, pool } from 'hugepages';
import { waitUntil } from './wait.mjs';

const LARGE = 512 * 2 ** 20;

async function main(ending, pageSize) {
  const before = pool(pageSize);
  const worker = new Worker(new URL(import.meta.url), { workerData: { ending, pageSize } });
  const exited = new Promise((resolve) => worker.once('exit', resolve));
  let thrown;
  worker.once('error', (error) => (thrown = error.message));
  await once(worker, 'message');
  if (ending.startsWith('terminate')) await worker.terminate();
  else worker.postMessage('end');
  const code = await exited;
  // A prefault under way ends with its chunk; everything else is back when the thread is gone.
  if (ending.includes('prefault')) await waitUntil(() => isDeepStrictEqual(pool(pageSize), before));
  assert.deepEqual(pool(pageSize), before);
  console.log(JSON.stringify({ code, thrown }));
}

const ENDINGS = {
  natural: () => parentPort.close(),
  'process.exit': () => process.exit(7),
  'uncaught throw': () => {
    throw new Error('uncaught');
  },
};

async function work({ ending, pageSize }) {
  const underWay = ending.includes('prefault');
  const options = { size: 2 * pageSize, pageSize, backing: ['hugetlb'] };
  const held = [await allocate(options), allocateSync({ ...options, shared: true }), allocateSync({ ...options, prefault: false })];
  globalThis.kept = held.map((region) => [region, region.buffer(), region.bytes(pageSize)]);
  if (underWay) {
    const onProgress = ({ populatedBytes }) => populatedBytes < LARGE && parentPort.postMessage('ready');
    const prefault = { background: true, threads: 2, onProgress };
    globalThis.kept.push(await allocate({ size: LARGE, backing: ['base'], prefault }));
    globalThis.kept.push(await allocate({ ...options, prefault: { background: true, threads: 2 } }));
  } else {
    parentPort.postMessage('ready');
  }
  parentPort.once('message', () => ENDINGS[ending]());
}

if (isMainThread) await main(process.argv[2], Number(process.argv[3]));
else await work(workerData);
