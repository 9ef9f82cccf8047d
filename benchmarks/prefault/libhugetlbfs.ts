/** Memory of libhugetlbfs: it populates nothing where the kernel keeps a promise of pages, so that its user touches each of them. */
import { GiB } from '../../lib/units.js';
import { LibHugetlbfs } from '../support/libhugetlbfs.js';
import { DEFAULT_PAGE } from '../support/pages.js';
import type { Section } from '../support/report.js';
import { CPUS, kindsOfMemory } from './memory.js';
import { beside, nameOf } from './peer-memory.js';
import type { PeerMemory } from './peer-memory.js';

/** It has pages of the default pool. */
export function libhugetlbfsSections(): Section[] {
  const kinds = kindsOfMemory().filter((memory) => memory.backing === 'hugetlb' && memory.pageSize === DEFAULT_PAGE);
  return kinds.map((memory) => {
    const task = { memory, size: GiB, source: 'anonymous' as const, threads: [...new Set([1, CPUS])] };
    const expected = { notSlower: true, claim: 'memory by libhugetlbfs' } as const;
    return { name: `${nameOf(task, 1)}, by libhugetlbfs`, measure: () => beside(libhugetlbfsMemory, task, expected) };
  });
}

function libhugetlbfsMemory(): Promise<PeerMemory> {
  const library = new LibHugetlbfs();
  return Promise.resolve({
    name: library.name,
    pid: library.pid,
    take: ({ pageSize }, size) => library.take(pageSize, size),
    give: () => library.give(),
    stop: () => library.stop(),
  });
}
