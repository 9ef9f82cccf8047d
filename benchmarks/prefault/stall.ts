/** How long the event loop is held up while memory is populated. */
import { performance } from 'node:perf_hooks';
import { bounded } from '../support/measure.js';
import type { Section } from '../support/report.js';
import { inTurn, warm } from '../support/rounds.js';
import { CPUS, inMemory, kindsOfMemory, map, sizeFor } from './memory.js';
import type { Memory } from './memory.js';

const ROUNDS = 9;

/** Milliseconds. */
const LIMITS = [
  { threads: CPUS - 1, limit: 10 },
  { threads: CPUS, limit: 50 },
].filter(({ threads }) => threads > 0);

export function stallSections(): Section[] {
  return kindsOfMemory().flatMap((memory) =>
    LIMITS.map(({ threads, limit }) => {
      const name = `longest stall, ${memory.name}, ${String(threads)} of ${String(CPUS)} CPUs`;
      const size = sizeFor(memory, threads);
      const measure = (): ReturnType<Section['measure']> =>
        inMemory(memory, size, async () => {
          const { gap } = await inTurn(ROUNDS, { gap: warm(() => longestGap(memory, size, threads)) });
          return [bounded(name, 'ms', gap, { of: 'max', relation: '<', limit })];
        });
      return { name, measure };
    }),
  );
}

/**
 * Turns the event loop as fast as it can. Each turn leaves some garbage, as any program does: what V8 then asks of the address space has
 * to wait for the page faults that are under way.
 *
 * @returns milliseconds of the longest turn
 */
async function longestGap(memory: Memory, size: number, threads: number): Promise<number> {
  const region = map(memory, size);
  let last = performance.now();
  let longest = 0;
  let populating = true;
  const turn = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (populating) setImmediate(turn);
  };
  turn();
  await region.prefault({ threads });
  populating = false;
  turn();
  region.dispose();
  return longest;
}
