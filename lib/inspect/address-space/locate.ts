/** Where the pages of a mapping are. */
import { pagemap } from '../pagemap/pagemap.js';
import type { PageMapRun } from '../pagemap/pagemap.js';
import type { AddressSpaceMapping } from './address-space.js';
import { inTurn } from './in-turn.js';
import { isHugetlb } from './pages.js';
import type { PageKind } from './pages.js';
import type { Span } from './picture.js';

// At a time: at worst each base page is a run of its own.
const PART = 2n ** 30n;

/**
 * The whole mapping, page by page as the page map has it. Before Linux 6.7 that does not know transparent huge pages.
 *
 * @throws HugePagesError as `pagemap()`
 */
export async function* locate(pid: number, mapping: AddressSpaceMapping): AsyncGenerator<Span> {
  const { start, end, path: name } = mapping;
  const absent = isHugetlb(mapping) ? 'hugetlb-absent' : 'absent';
  const own = mapping.bytes['KernelPageSize'] ?? 0;
  const kindOf = ({ present, swapped, pageSize }: PageMapRun): PageKind => {
    if (!present) return swapped ? 'swap' : absent;
    if (isHugetlb(mapping)) return 'hugetlb';
    return pageSize > own ? 'thp' : 'base';
  };
  let at = start;
  for (let part = start; part < end; part += PART) {
    const { runs, transparent } = await pagemap(pid, { start: part, end: part + PART < end ? part + PART : end }, { frames: false });
    if (!transparent && mapping.pages.some(({ kind }) => kind === 'thp')) {
      yield* inTurn(mapping);
      return;
    }
    for (const run of runs) {
      // What is in no run was unmapped since smaps was read.
      if (run.start > at) yield { start: at, end: run.start, kind: absent, pageSize: own, name };
      yield { start: run.start, end: run.end, kind: kindOf(run), pageSize: run.present ? run.pageSize : own, name };
      at = run.end;
    }
  }
  if (at < end) yield { start: at, end, kind: absent, pageSize: own, name };
}
