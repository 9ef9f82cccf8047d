/** allocateSync and dispose of one untouched huge page, beside mmap and munmap, and beside libhugetlbfs. */
import { performance } from 'node:perf_hooks';
import { allocateSync } from 'hugepages';
import { formatSize } from '../../lib/units.js';
import { LibHugetlbfs } from '../support/libhugetlbfs.js';
import { compared, figure } from '../support/measure.js';
import type { Finding } from '../support/measure.js';
import { DEFAULT_PAGE as PAGE, withPages } from '../support/pages.js';
import type { Peer } from '../support/peer.js';
import type { Section } from '../support/report.js';
import { inTurn } from '../support/rounds.js';

const ROUNDS = 21;
const CYCLES = 2000;

const NAME = `allocateSync(${formatSize(PAGE)}) and dispose()`;

export function cycleSections(peer: Peer): Section[] {
  return [
    { name: NAME, measure: () => withPages(PAGE, 1, () => besideMmap(peer)) },
    { name: `${NAME}, by libhugetlbfs`, measure: () => withPages(PAGE, 1, besideLibHugetlbfs) },
  ];
}

async function besideMmap(peer: Peer): Promise<Finding[]> {
  const sides = await inTurn(ROUNDS, { ours: () => cycles(CYCLES), theirs: () => peer.cycle(PAGE, CYCLES) });
  return [
    figure('mmap and munmap in C++', 'ns', sides.theirs),
    figure(NAME, 'ns', sides.ours),
    compared(NAME, 'mmap and munmap in C++', sides, { atLeast: 1 / 3, claim: 'allocate by mmap' }),
  ];
}

async function besideLibHugetlbfs(): Promise<Finding[]> {
  const library = new LibHugetlbfs();
  try {
    const sides = await inTurn(ROUNDS, { ours: () => cycles(CYCLES), theirs: () => library.cycle(PAGE, CYCLES) });
    return [compared(NAME, `${library.name}: get_huge_pages(), free_huge_pages()`, sides)];
  } finally {
    await library.stop();
  }
}

/** @returns nanoseconds each */
function cycles(count: number): number {
  const start = performance.now();
  for (let done = 0; done < count; done++) allocateSync({ size: PAGE, backing: ['hugetlb'], prefault: false }).dispose();
  return ((performance.now() - start) * 1e6) / count;
}
