/** How long something takes. */
import { performance } from 'node:perf_hooks';

/** @returns milliseconds */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
