/** Threads that touch the same pages at the same time; each hears of all of them. */
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { Region, allocateSync } from 'hugepages';

const THREADS = 3;

async function work({ token, meeting, number }) {
  const region = Region.attach(token);
  const { byteLength, pageSize } = token;
  const bytes = region.bytes();
  const heard = [];
  region.on('degraded', ({ offset }) => heard.push(offset));
  const arrived = new Int32Array(meeting);
  for (let offset = 0, page = 1; offset < byteLength; offset += pageSize, page++) {
    Atomics.add(arrived, 0, 1);
    while (Atomics.load(arrived, 0) < page * THREADS);
    bytes[offset + number] = number;
  }
  while (heard.length < region.degraded.pages) await new Promise(setImmediate);
  region.dispose();
  parentPort.postMessage(heard.length);
}

async function main([pageSize, pages]) {
  const region = allocateSync({ size: pages * pageSize, backing: ['hugetlb'], reserve: false, prefault: false, onExhaustion: 'degrade' });
  const meeting = new SharedArrayBuffer(4);
  const heard = await Promise.all(
    Array.from({ length: THREADS }, (_, i) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { token: region.share(), meeting, number: i + 1 } });
      return new Promise((resolve) => worker.once('message', resolve));
    }),
  );
  const bytes = region.bytes();
  let kept = 0;
  for (let offset = 0; offset < region.byteLength; offset += pageSize) {
    for (let number = 1; number <= THREADS; number++) kept += Number(bytes[offset + number] === number);
  }
  console.log(JSON.stringify({ heard, kept, degraded: region.degraded.pages }));
  region.dispose();
}

await (isMainThread ? main(process.argv.slice(2).map(Number)) : work(workerData));
