/** Ordinary Buffers, the peer of everything that users would otherwise do. */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
export const collect = runInNewContext('gc') as () => void;

/** Collects garbage, and waits until the memory of what was collected is back: V8 frees it on a thread of its own. */
export async function collectGarbage(): Promise<void> {
  collect();
  for (let before = Infinity, now = process.memoryUsage.rss(); now < before; now = process.memoryUsage.rss()) {
    before = now;
    await delay(5);
  }
}

/** Allocates a Buffer and fills it once. @returns milliseconds */
export async function fillBuffer(bytes: number): Promise<number> {
  const start = performance.now();
  Buffer.alloc(bytes).fill(1);
  const milliseconds = performance.now() - start;
  await collectGarbage();
  return milliseconds;
}
