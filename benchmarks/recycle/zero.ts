/** How fast memory is zeroed in place, beside populating as much anew, which is the kernel's way to zeroed memory. */
import { GiB } from '../../lib/units.js';
import { inMemory, kindsOfMemory, map, sizeFor, threadCounts } from '../prefault/memory.js';
import type { Memory } from '../prefault/memory.js';
import { compared, figure } from '../support/measure.js';
import type { Finding } from '../support/measure.js';
import type { Section } from '../support/report.js';
import { inTurn, warm } from '../support/rounds.js';
import { timed } from '../support/timed.js';

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
    const sides = await inTurn(ROUNDS, {
      ours: warm(() => zeroAgain(memory, size, threads)),
      theirs: warm(() => populateAnew(memory, size, threads)),
    });
    return [
      figure(name, 'GiB/s', sides.ours.map((milliseconds) => (size / GiB) * (1000 / milliseconds))),
      compared(name, 'populating as much anew', sides, { atLeast: 2, claim: 'zero' }),
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
