// Worker threads over one region: each sums its part of the same memory, without a copy.
// Run: node examples/worker-sum.mjs
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { Region, allocate } from 'hugepages';

const NUMBERS = 16 * 1024 * 1024;

if (isMainThread) {
  const region = await allocate({ size: NUMBERS * Float64Array.BYTES_PER_ELEMENT });
  const numbers = region.view(Float64Array);
  for (let i = 0; i < NUMBERS; i++) numbers[i] = i % 1000;

  const workers = availableParallelism();
  const parts = await Promise.all(
    Array.from({ length: workers }, async (_, index) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { token: region.share(), index, workers } });
      // Both at once: a worker that ends right behind its message has ended before anything that awaits the message goes on.
      const [[sum]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
      return sum;
    }),
  );
  const expected = numbers.reduce((sum, value) => sum + value, 0);
  const sum = parts.reduce((total, part) => total + part, 0);
  console.log(`${workers} workers on ${region.backing.kind} pages: sum ${sum}, expected ${expected}`);
  region.dispose();
  process.exitCode = sum === expected ? 0 : 1;
} else {
  const { parentPort } = await import('node:worker_threads');
  const { token, index, workers } = workerData;
  const region = Region.attach(token);
  const numbers = region.view(Float64Array);
  const share = Math.ceil(numbers.length / workers);
  let sum = 0;
  for (let i = index * share; i < Math.min((index + 1) * share, NUMBERS); i++) sum += numbers[i];
  region.dispose();
  parentPort.postMessage(sum);
}
