/** Moves the memory of a region's ArrayBuffer to the main thread, and ends the worker that holds the region. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

const SIZE = 64 * 2 ** 20;
const rss = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;

async function main(how) {
  const worker = new Worker(new URL(import.meta.url), { workerData: how });
  const [buffer] = await once(worker, 'message');
  const bytes = new Uint8Array(buffer);
  const resident = rss();
  await worker.terminate();
  await delay(50);
  console.log(JSON.stringify({ first: bytes[0], last: bytes.at(-1), length: bytes.length, returned: resident - rss() > SIZE / 2 }));
}

async function work(how) {
  const { allocateSync } = await import('hugepages');
  const region = allocateSync({ size: SIZE, backing: ['base'] });
  region.bytes().fill(7);
  const moved = region.buffer().transfer();
  if (how === 'disposed') region.dispose();
  parentPort.postMessage(moved, [moved]);
  setInterval(() => undefined, 1000);
}

if (isMainThread) await main(process.argv[2]);
else await work(workerData);
