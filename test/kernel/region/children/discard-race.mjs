/** A thread discards a page while another takes it again; prints how often each did, and what the takers were refused. */
import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { Region, allocateSync } from 'hugepages';

const rounds = Number(isMainThread ? process.argv[2] : workerData.rounds);

function take(region) {
  let taken = 0;
  const codes = new Set();
  for (let round = 0; round < rounds; round++) {
    try {
      region.refillSync(0, region.pageSize, { threads: 1 });
      taken++;
    } catch ({ code }) {
      codes.add(code);
    }
  }
  return { taken, codes: [...codes] };
}

function give(region) {
  let freed = 0;
  for (let round = 0; round < rounds; round++) freed += region.discard(0, region.pageSize).freedPages;
  return freed;
}

if (isMainThread) {
  const region = allocateSync({ size: '2MiB', backing: ['hugetlb'], ...JSON.parse(process.argv[3]) });
  const worker = new Worker(new URL(import.meta.url), { workerData: { rounds, token: region.share() } });
  const exit = once(worker, 'exit');
  const took = new Promise((resolve) => {
    worker.on('message', (message) => message !== 'ready' && resolve(message));
  });
  await once(worker, 'message');
  const freed = give(region);
  const { taken, codes } = await took;
  region.dispose();
  await exit;
  console.log(JSON.stringify({ freed: freed > 0 && freed <= rounds + 1, taken: taken > 0, codes }));
} else {
  const region = Region.attach(workerData.token);
  parentPort.postMessage('ready');
  parentPort.postMessage(take(region));
  region.dispose();
}
