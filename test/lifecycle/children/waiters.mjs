/** Waits on words that nobody changes, and ends as it is told; or lets workers do so, and prints what is left of their regions. */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { Region, allocateSync } from 'hugepages';

const PAGE = 4096;

function allocateShared() {
  return allocateSync({ size: PAGE, backing: ['base'], shared: true });
}

const ENDINGS = {
  'process.exit': () => setTimeout(() => process.exit(7), 20),
  'uncaught throw': () =>
    setTimeout(() => {
      throw new Error('uncaught');
    }, 20),
  SIGTERM: () => setTimeout(() => process.kill(process.pid, 'SIGTERM'), 20),
  // A wait keeps the process alive, and its end lets it end.
  natural: (region) => setTimeout(() => region.notify(0), 20).unref(),
};

const IN_WORKER = {
  wait: (region) => {
    for (let i = 0; i < 50; i++) region.wait(0, 0);
  },
  waitSync: (region) => region.waitSync(0, 0),
  dispose: (region) => {
    for (let i = 0; i < 50; i++) region.wait(0, 0).catch(() => undefined);
    region.dispose();
  },
  exit: (region) => {
    for (let i = 0; i < 50; i++) region.wait(0, 0);
    process.exit(3);
  },
};

async function endWorkers(how) {
  const region = allocateShared();
  for (let i = 0; i < 8; i++) {
    const worker = new Worker(new URL(import.meta.url), { workerData: { token: region.share(), how } });
    const exit = once(worker, 'exit');
    await once(worker, 'message');
    await worker.terminate();
    await exit;
    // The last hold is ours, and the memory still has waiters to wake: none.
    if (region.notify(0) !== 0) throw new Error('a waiter stayed behind');
  }
  const { stats } = createRequire(import.meta.url)('../../../build/Release/hugepages.node');
  console.log(JSON.stringify({ regions: stats().regions }));
}

if (!isMainThread) {
  const region = Region.attach(workerData.token);
  parentPort.postMessage('ready');
  // The message is on its way before the thread may block.
  setTimeout(() => IN_WORKER[workerData.how](region), 1);
} else if (process.argv[2] === 'workers') {
  await endWorkers(process.argv[3]);
} else {
  const region = allocateShared();
  for (let i = 0; i < 49; i++) region.wait(0, 0);
  setTimeout(() => ENDINGS[process.argv[2]](region), 0);
  await region.wait(0, 0);
}
