/** How many pages are reserved for whom: what the kernel's rules say, and between what bounds the truth must be. */
import type { Lineage } from './lineage.js';
import type { PrivateMapping } from './private-pages.js';

/** Reservations of one row. Pages. */
export interface Claim<Row> {
  readonly row: Row;
  /** What the rules say, when nothing was done that the kernel does not show. */
  readonly expected: number;
  readonly least: number;
  readonly most: number;
  /** It takes something rare to make this one another, as surplus pages in the pool when pages were given back. */
  readonly firm: boolean;
}

/** Pages of a claim, whosever it is. */
export type Amount = Omit<Claim<unknown>, 'row'>;

/**
 * Of a private mapping: each page is reserved until it is first written to. `madvise(MADV_DONTNEED)` gives the reservation back together
 * with the page from Linux 6.9 on, unless the pool has surplus pages at that moment.
 *
 * @param keeps - whether the kernel does that
 */
export function privateClaim({ mapping, pages, present }: PrivateMapping, lineage: Lineage, keeps: boolean): Amount | undefined {
  if (mapping.flags.includes('nr') || lineage === 'heir') return undefined;
  const missing = pages - present;
  return { expected: lineage === 'orphan' ? 0 : missing, least: 0, most: missing, firm: keeps && lineage === 'maker' };
}

/**
 * Of pages that only those have who did not make the mapping. When the maker unmaps a page, the kernel gives it its reservation back, and
 * the page becomes free, and counted as reserved, only when these have left it, too. Until then the counter is too low by that page.
 */
export function inheritedClaim(pages: number, lineages: readonly Lineage[]): Amount | undefined {
  if (lineages.includes('maker')) return undefined;
  const isOrphaned = lineages.every((lineage) => lineage === 'orphan');
  return { expected: isOrphaned ? -pages : 0, least: -pages, most: 0, firm: false };
}

/** What is known of a shared object. Pages. */
export interface ObjectPages {
  /** Its length. */
  readonly pages: number;
  readonly present: number;
  /** Of mappings that reserve: from a page to the one behind the last. */
  readonly reserving: readonly (readonly [start: number, end: number])[];
  /** Whether there are mappings, none of which reserves. */
  readonly onlyUnreserved: boolean;
}

/**
 * Of a shared object: what was ever mapped is reserved as the object's own, also when it is unmapped, until the page is there. A hole that
 * is punched has no reservation, and looks like a page that nobody has touched yet.
 */
export function objectClaim({ pages, present, reserving, onlyUnreserved }: ObjectPages): Amount | undefined {
  const missing = pages - present;
  if (missing <= 0) return undefined;
  const covered = coveredPages(reserving);
  const expected = onlyUnreserved ? 0 : covered === 0 ? missing : Math.max(0, covered - present);
  return { expected, least: 0, most: missing, firm: false };
}

function coveredPages(ranges: ObjectPages['reserving']): number {
  let [pages, reached] = [0, 0];
  for (const [start, end] of [...ranges].sort(([a], [b]) => a - b)) {
    pages += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return pages;
}
