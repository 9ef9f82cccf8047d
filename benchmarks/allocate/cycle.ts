/** allocateSync and dispose of one untouched huge page, beside mmap and munmap. */
import { performance } from 'node:perf_hooks';
import { allocateSync, pools } from 'hugepages';
import { formatSize, MiB } from '../../lib/units.js';
import { compared, figure } from '../support/measure.js';
import { withPages } from '../support/pages.js';
import type { Peer } from '../support/peer.js';
import type { Section } from '../support/report.js';
import { inTurn } from '../support/rounds.js';

const ROUNDS = 21;
const CYCLES = 2000;

/** 2 MiB on x86-64. */
export const PAGE = pools().find(({ isDefault }) => isDefault)?.pageSize ?? 2 * MiB;

export function cycleSection(peer: Peer): Section {
  const name = `allocateSync(${formatSize(PAGE)}) and dispose()`;
  return {
    name,
    measure: () =>
      withPages(PAGE, 1, async () => {
        const sides = await inTurn(ROUNDS, { ours: () => cycles(CYCLES), theirs: () => peer.cycle(PAGE, CYCLES) });
        return [
          figure('mmap and munmap in C++', 'ns', sides.theirs),
          figure(name, 'ns', sides.ours),
          compared(name, 'mmap and munmap in C++', sides, { atLeast: 1 / 3, claim: 'allocate by mmap' }),
        ];
      }),
  };
}

/** @returns nanoseconds each */
function cycles(count: number): number {
  const start = performance.now();
  for (let done = 0; done < count; done++) allocateSync({ size: PAGE, backing: ['hugetlb'], prefault: false }).dispose();
  return ((performance.now() - start) * 1e6) / count;
}
