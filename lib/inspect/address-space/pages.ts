/** What the memory of a mapping is made of, by page size. */
import { thpBytes, thpUse } from '../processes/use.js';
import type { MappingDetails } from '../procfs/smaps.js';

/**
 * `thp`: mapped by a PMD, anonymous, shared memory or of a file. `base`: all other present memory, also of the smaller transparent pages
 * (mTHP), which smaps does not tell apart. `swap`: swapped out. `hugetlb-absent`, `absent`: mapped, and without a page.
 */
export type PageKind = 'hugetlb' | 'thp' | 'base' | 'swap' | 'hugetlb-absent' | 'absent';

/** The pages of one kind and size. */
export interface PageShare {
  readonly kind: PageKind;
  /** Bytes per page; of absent ones those that the mapping would get without transparent huge pages. */
  readonly pageSize: number;
  readonly bytes: number;
}

/** The parts of a mapping, which add up to its size: largest pages first, what is absent last. */
export function pagesOf(mapping: MappingDetails, pmdSize: number): PageShare[] {
  const sum = (...names: readonly string[]): number => names.reduce((bytes, name) => bytes + (mapping.bytes[name] ?? 0), 0);
  const pageSize = mapping.bytes['KernelPageSize'] ?? 0;
  const thp = thpBytes(thpUse(mapping.bytes));
  const claims: readonly PageShare[] = [
    { kind: 'hugetlb', pageSize, bytes: sum('Private_Hugetlb', 'Shared_Hugetlb') },
    { kind: 'thp', pageSize: pmdSize, bytes: thp },
    { kind: 'base', pageSize, bytes: sum('Rss') - thp },
    { kind: 'swap', pageSize, bytes: sum('Swap') },
    { kind: isHugetlb(mapping) ? 'hugetlb-absent' : 'absent', pageSize, bytes: Infinity },
  ];
  // Of shared memory the kernel may count pages twice that are present and have their place in swap too.
  let left = Number(mapping.end - mapping.start);
  return claims.flatMap((claim) => {
    const bytes = Math.max(0, Math.min(claim.bytes, left));
    left -= bytes;
    return bytes === 0 ? [] : [{ ...claim, bytes }];
  });
}

/** Whether a mapping is of hugetlb, with pages or still without, or has transparent huge pages. */
export function isHuge(mapping: MappingDetails, pages: readonly PageShare[]): boolean {
  return isHugetlb(mapping) || pages.some(({ kind }) => isHugeKind(kind));
}

export function isHugeKind(kind: PageKind): boolean {
  return kind === 'hugetlb' || kind === 'thp' || kind === 'hugetlb-absent';
}

export function isHugetlb({ flags }: MappingDetails): boolean {
  return flags.includes('ht');
}

const ORDER: readonly PageKind[] = ['hugetlb', 'thp', 'base', 'swap', 'hugetlb-absent', 'absent'];

/** The sums by kind and page size, in the order of {@link pagesOf}. */
export function sumPages(shares: Iterable<PageShare>): PageShare[] {
  const sums = new Map<string, PageShare>();
  for (const share of shares) {
    const key = `${share.kind} ${String(share.pageSize)}`;
    sums.set(key, { ...share, bytes: share.bytes + (sums.get(key)?.bytes ?? 0) });
  }
  return [...sums.values()].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || b.pageSize - a.pageSize);
}
