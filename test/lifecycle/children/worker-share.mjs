/** One region in two threads, one of which outlives the other. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { Region, allocateSync, pool } from 'hugepages';

async function main(survivor, pageSize) {
  const before = pool(pageSize);
  const options = { size: 4 * pageSize, pageSize, backing: ['hugetlb'] };
  const own = survivor === 'worker' ? allocateSync(options) : undefined;
  own?.bytes().fill(0x11);
  const worker = new Worker(new URL(import.meta.url), { workerData: { options, token: own?.share() } });
  const [token] = await once(worker, 'message');
  if (own !== undefined) {
    own.dispose();
    assert.equal(pool(pageSize).free, before.free - 4);
    worker.postMessage('use it');
    const [used] = await once(worker, 'message');
    worker.postMessage('dispose it');
    await once(worker, 'message');
    assert.deepEqual(pool(pageSize), before);
    await worker.terminate();
    console.log(JSON.stringify(used));
    return;
  }
  const attached = Region.attach(token);
  const bytes = attached.bytes();
  await (survivor === 'main, terminate' ? worker.terminate() : (worker.postMessage('end'), once(worker, 'exit')));
  assert.equal(pool(pageSize).free, before.free - 4);
  const found = bytes[4 * pageSize - 1];
  bytes.fill(0x22);
  attached.dispose();
  assert.deepEqual(pool(pageSize), before);
  console.log(JSON.stringify(found));
}

async function work({ options, token }) {
  const region = token === undefined ? allocateSync(options) : Region.attach(token);
  if (token === undefined) region.bytes().fill(0x11);
  globalThis.kept = region.buffer();
  parentPort.postMessage(region.share());
  const next = async () => (await once(parentPort, 'message'))[0];
  if ((await next()) === 'end') {
    parentPort.close();
    return;
  }
  parentPort.postMessage(region.bytes()[region.byteLength - 1]);
  await next();
  region.dispose();
  parentPort.postMessage('disposed');
}

if (isMainThread) await main(process.argv[2], Number(process.argv[3]));
else await work(workerData);
