/** Threads that end in the middle of the news, in each way, while pages are degraded. */
import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { Region, allocateSync } from 'hugepages';

const ENDS = ['returns', 'exits', 'throws', 'is terminated'];

function listen({ token, end }) {
  const region = Region.attach(token);
  region.on('degraded', () => {
    if (end === 'returns') parentPort.close();
    if (end === 'exits') process.exit();
    if (end === 'throws') throw new Error('from the listener');
  });
  parentPort.on('message', () => region); // keeps the thread, and the region from being collected
  parentPort.postMessage('listening');
}

async function round(size, end) {
  const region = allocateSync({ size, backing: ['hugetlb'], reserve: false, prefault: false, onExhaustion: 'degrade' });
  const worker = new Worker(new URL(import.meta.url), { workerData: { token: region.share(), end } });
  worker.on('error', () => undefined);
  await once(worker, 'message');
  const exit = new Promise((resolve) => worker.once('exit', resolve)); // once() would reject with what the thread throws
  const bytes = region.bytes();
  for (let offset = 0; offset < size; offset += region.pageSize) {
    bytes[offset] = 1;
    await new Promise(setImmediate);
    if (end === 'is terminated') void worker.terminate();
  }
  await exit;
  const { pages } = region.degraded;
  region.dispose();
  return pages;
}

async function main([pageSize, rounds]) {
  let degraded = 0;
  for (let i = 0; i < rounds; i++) degraded += await round(4 * pageSize, ENDS[i % ENDS.length]);
  console.log(JSON.stringify({ degraded }));
}

await (isMainThread ? main(process.argv.slice(2).map(Number)) : listen(workerData));
