/** How soon an abort ends a prefault. */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Region } from 'hugepages';
import { bounded } from '../support/measure.js';
import type { Finding } from '../support/measure.js';
import { effort } from '../support/quick.js';
import type { Section } from '../support/report.js';
import { timed } from '../support/timed.js';
import { CPUS, kindsOfMemory, map, sizeFor, inMemory } from './memory.js';
import type { Memory } from './memory.js';

const ABORTS = effort(20);
/** Milliseconds; but a page under way is always finished. */
const LIMIT = 50;

export function cancelSections(): Section[] {
  return kindsOfMemory().map((memory) => {
    const name = `abort to rejection, ${memory.name}`;
    return { name, measure: () => cancel(name, memory) };
  });
}

function cancel(name: string, memory: Memory): Promise<Finding[]> {
  // Each thread has two pages at least, so that there is something to leave undone.
  const size = sizeFor(memory, 2);
  const threads = Math.min(CPUS, size / memory.pageSize / 2);
  return inMemory(memory, size, async () => {
    const page = await onRegion(memory, size, (region) => timed(() => region.prefault({ threads: 1, length: memory.pageSize })));
    const whole = await onRegion(memory, size, (region) => timed(() => region.prefault({ threads })));
    const samples: number[] = [];
    while (samples.length < ABORTS) {
      const sample = await onRegion(memory, size, (region) => abortAfter(Math.random() * whole, region, threads));
      if (sample !== undefined) samples.push(sample);
    }
    return [bounded(name, 'ms', samples, { of: 'max', relation: '<', limit: Math.max(LIMIT, Math.ceil(page)) })];
  });
}

async function onRegion<T>(memory: Memory, size: number, use: (region: Region) => Promise<T>): Promise<T> {
  const region = map(memory, size);
  try {
    return await use(region);
  } finally {
    region.dispose();
  }
}

/** @returns milliseconds from the abort to the rejection, or undefined when the prefault was over by then */
async function abortAfter(milliseconds: number, region: Region, threads: number): Promise<number | undefined> {
  const controller = new AbortController();
  const aborted = region.prefault({ threads, signal: controller.signal }).then(
    () => false,
    (error: unknown) => {
      if ((error as Error).name !== 'AbortError') throw error;
      return true;
    },
  );
  await delay(milliseconds);
  const start = performance.now();
  controller.abort();
  return (await aborted) ? performance.now() - start : undefined;
}
