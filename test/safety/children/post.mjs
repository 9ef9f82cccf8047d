/** Tries to hand a region to a worker thread by posting its ArrayBuffer with a transfer list, and then by its token. */
import { once } from 'node:events';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { Region, allocateSync, pool } from 'hugepages';
import { collectUntil } from '../../support/gc.mjs';

async function main(pageSize) {
  const before = pool(pageSize);
  const region = allocateSync({ size: pageSize, pageSize, backing: ['hugetlb'] });
  region.bytes().fill(0x5a);
  const worker = new Worker(new URL(import.meta.url));
  const answer = async () => (await once(worker, 'message'))[0];

  let refused;
  try {
    const buffer = region.buffer();
    worker.postMessage({ buffer }, [buffer]);
    await answer(); // Node 20: a copy, and the original is detached
  } catch ({ name }) {
    refused = name;
  }
  const afterTransfer = [region.bytes()[0], region.buffer().byteLength === pageSize];
  worker.postMessage({ token: region.share() });
  await answer();
  const afterToken = region.bytes()[0];
  region.dispose();
  const disposed = pool(pageSize).free;
  await worker.terminate();
  await collectUntil(() => false); // finalizers of every buffer
  console.log(JSON.stringify({ refused, afterTransfer, afterToken, back: [before.free, disposed, pool(pageSize).free] }));
}

function work() {
  parentPort.on('message', ({ buffer, token }) => {
    // What is written to a copy must not be seen, what is written through a token must.
    if (buffer !== undefined) new Uint8Array(buffer)[0] = 0x11;
    const region = token && Region.attach(token);
    if (region !== undefined) region.bytes()[0] = 0x22;
    region?.dispose();
    parentPort.postMessage('done');
  });
}

if (isMainThread) await main(Number(process.argv[2]));
else work();
