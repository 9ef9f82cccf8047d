/** Workers that are terminated at any moment of a call into the addon; the process goes on. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { allocate, allocateSync, benchFork, benchTlb } from 'hugepages';

const SIZE = 512 * 2 ** 20;

const CALLS = {
  populating: () => {
    for (;;) allocateSync({ size: SIZE, backing: ['base'], prefault: { threads: 1 } }).dispose();
  },
  progress: async () => {
    const busy = () => {
      for (const until = performance.now() + 20; performance.now() < until; );
    };
    for (;;) (await allocate({ size: SIZE, backing: ['base'], prefault: { threads: 1, onProgress: busy } })).dispose();
  },
  measuring: async () => {
    for (;;) await benchTlb({ bytes: '2MiB' });
  },
  forking: async () => {
    for (;;) await benchFork({ bytes: '64MiB' });
  },
};

async function main() {
  for (let wait = 10; wait <= 100; wait += 10) {
    const worker = new Worker(new URL(import.meta.url), { workerData: process.argv[2] });
    await once(worker, 'message');
    await delay(wait);
    await worker.terminate();
  }
  console.log(JSON.stringify('alive'));
}

if (isMainThread) {
  await main();
} else {
  parentPort.postMessage('ready');
  await CALLS[workerData]();
}
