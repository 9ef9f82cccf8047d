/** The kinds of memory that are populated, and how much of them by how many threads. */
import os from 'node:os';
import { allocateSync, pools, thp } from 'hugepages';
import type { BackingKind, Region } from 'hugepages';
import { formatSize, GiB } from '../../lib/units.js';
import { withPages } from '../support/pages.js';
import { Unavailable } from '../support/unavailable.js';

/** One kind of memory. */
export interface Memory {
  readonly name: string;
  readonly backing: BackingKind;
  /** Bytes. */
  readonly pageSize: number;
}

/** Threads that may run at the same time here. */
export const CPUS = os.availableParallelism();

const BASE_PAGE = 4096;

/** Every kind that this machine has. Gigantic pages come first: memory in one piece is found best before anything else is. */
export function kindsOfMemory(): Memory[] {
  const { enabled, pmdSize } = thp();
  const hugetlb = pools().map(({ pageSize }) => ({ name: `${formatSize(pageSize)} hugetlb`, backing: 'hugetlb' as const, pageSize }));
  const transparent = { name: 'THP', backing: 'thp' as const, pageSize: pmdSize ?? 0 };
  const hasTransparent = pmdSize !== undefined && enabled !== 'never';
  return [...hugetlb.reverse(), ...(hasTransparent ? [transparent] : []), { name: '4KiB base', backing: 'base', pageSize: BASE_PAGE }];
}

/** 1, 2, 4 and so on, all CPUs but one, and all of them. */
export function threadCounts(): number[] {
  const powers = Array.from({ length: Math.ceil(Math.log2(CPUS)) }, (_, exponent) => 2 ** exponent);
  return [...new Set([...powers, CPUS - 1, CPUS])].filter((count) => count > 0).sort((a, b) => a - b);
}

/** 1 GiB, or more where each thread would not have a page then. */
export function sizeFor({ pageSize }: Memory, threads: number): number {
  return Math.max(GiB, threads * pageSize);
}

/** Maps it and populates nothing. */
export function map({ backing, pageSize }: Memory, size: number): Region {
  return allocateSync({ size, backing: [backing], ...(backing === 'hugetlb' && { pageSize }), prefault: false });
}

/**
 * Lets `measure` run with room for a region of `size` in the pool, if there is one, and checks beforehand that the kernel really gives this
 * kind of memory.
 *
 * @throws Unavailable when it does not
 */
export async function inMemory<T>(memory: Memory, size: number, measure: () => Promise<T>): Promise<T> {
  const checked = async (): Promise<T> => {
    const region = map(memory, size);
    await region.prefault();
    const { kind, pageSize } = region.backing;
    region.dispose();
    if (kind !== memory.backing || pageSize !== memory.pageSize) {
      throw new Unavailable(`the kernel gave ${kind}, pages of ${formatSize(pageSize)}`);
    }
    return measure();
  };
  return memory.backing === 'hugetlb' ? withPages(memory.pageSize, Math.ceil(size / memory.pageSize), checked) : checked();
}
