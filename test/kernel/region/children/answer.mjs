/** A worker that answers: whatever is written to the first word of the region is written to the second. */
import { parentPort, workerData } from 'node:worker_threads';
import { Region } from 'hugepages';

const region = Region.attach(workerData);
const word = region.view(Int32Array);
parentPort.postMessage('ready');
for (let last = 0; ; ) {
  while (Atomics.load(word, 0) === last) region.waitSync(0, last);
  last = Atomics.load(word, 0);
  Atomics.store(word, 1, last);
  region.notify(4);
}
