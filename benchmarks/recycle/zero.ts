/** How fast memory is zeroed in place, beside populating as much anew, which is the kernel's way to zeroed memory. */
import { performance } from 'node:perf_hooks';
import { GiB } from '../../lib/units.js';
import { inMemory, kindsOfMemory, map, sizeFor, threadCounts } from '../prefault/memory.js';
import type { Memory } from '../prefault/memory.js';
import { bounded, figure } from '../support/measure.js';
import type { Finding } from '../support/measure.js';
import type { Section } from '../support/report.js';
import { inTurn, ratios, warm } from '../support/rounds.js';

const ROUNDS = 15;

export function zeroSections(): Section[] {
  return kindsOfMemory().flatMap((memory) =>
    threadCounts().map((threads) => {
      const name = `zero(), ${memory.name}, ${String(threads)} ${threads === 1 ? 'thread' : 'threads'}`;
      return { name, measure: () => zeroing(name, memory, threads) };
    }),
  );
}

function zeroing(name: string, memory: Memory, threads: number): Promise<Finding[]> {
  const size = sizeFor(memory, threads);
  return inMemory(memory, size, async () => {
    const { zero, populate } = await inTurn(ROUNDS, {
      zero: warm(() => zeroAgain(memory, size, threads)),
      populate: warm(() => populateAnew(memory, size, threads)),
    });
    return [
      figure(name, 'GiB/s', zero.map((milliseconds) => (size / GiB) * (1000 / milliseconds))),
      bounded('  by populating as much anew', '', ratios(populate, zero), { of: 'median', relation: '>=', limit: 2 }),
    ];
  });
}

async function zeroAgain(memory: Memory, size: number, threads: number): Promise<number> {
  const region = map(memory, size);
  await region.prefault();
  const milliseconds = await timed(() => region.zero(0, size, { threads }));
  region.dispose();
  return milliseconds;
}

async function populateAnew(memory: Memory, size: number, threads: number): Promise<number> {
  const region = map(memory, size);
  const milliseconds = await timed(() => region.prefault({ threads }));
  region.dispose();
  return milliseconds;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
