/** Many worker threads attach and dispose the same regions at once, while the main thread disposes its own holds. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { Region, allocateSync, pool } from 'hugepages';

const WORKERS = 8;
const REGIONS = 4;
const ROUNDS = 500;

async function main(pageSize) {
  const before = pool(pageSize);
  const options = { size: pageSize, pageSize, backing: ['hugetlb'] };
  const regions = Array.from({ length: REGIONS }, (_, i) => allocateSync({ ...options, shared: i % 2 === 1 }));
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const data = { tokens: regions.map((region) => region.share()), gate };
  const workers = Array.from({ length: WORKERS }, () => new Worker(new URL(import.meta.url), { workerData: data }));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const done = workers.map((worker) => once(worker, 'message'));
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
  // From here on each region lives for as long as any worker happens to hold it.
  for (const region of regions) region.dispose();
  const outcomes = (await Promise.all(done)).map(([outcome]) => outcome);
  // One half ends by itself, the other is terminated.
  await Promise.all(workers.map((worker, i) => (i % 2 === 0 ? worker.terminate() : (worker.postMessage('end'), once(worker, 'exit')))));
  assert.deepEqual(pool(pageSize), before);
  console.log(JSON.stringify(outcomes));
}

async function work({ tokens, gate }) {
  // Each worker holds the last region throughout; the others come to their end at some moment of the race.
  const kept = Region.attach(tokens.at(-1));
  parentPort.postMessage('ready');
  Atomics.wait(gate, 0, 0);
  const outcome = { attached: 0, stale: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const i = round % tokens.length;
    try {
      const region = Region.attach(tokens[i]);
      if (round % 3 === 0) region.bytes()[0] = i + 1;
      region.dispose();
      outcome.attached++;
    } catch (error) {
      assert.equal(error.code, 'ERR_HUGEPAGES_TOKEN');
      outcome.stale++;
    }
  }
  kept.dispose();
  parentPort.postMessage(outcome);
  await once(parentPort, 'message');
  parentPort.close();
}

if (isMainThread) await main(Number(process.argv[2]));
else await work(workerData);
