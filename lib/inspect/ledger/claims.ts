/** How many pages are reserved for whom: what the kernel's rules say, and between what bounds the truth must be. */
import type { Lineage } from './lineage.js';
import type { Spans } from './spans.js';

/** Reservations of one row. Pages. */
export interface Claim<Row> {
  readonly row: Row;
  /** What the rules say, when nothing was done that leaves no trace: the first is the likeliest. */
  readonly usual: Spans;
  readonly least: number;
  readonly most: number;
  /** It takes something rare to make this one another, as surplus pages in the pool when pages were given back. */
  readonly firm: boolean;
}

/** Pages of a claim, whosever it is. */
export type Amount = Omit<Claim<unknown>, 'row'>;

/** The likeliest of what the rules say. */
export function likeliest({ usual: [first = [0, 0]] }: Amount): number {
  return first[1];
}

export function exactly(pages: number): Amount {
  return { usual: [[pages, pages]], least: pages, most: pages, firm: true };
}

/** What a process maps privately of one inode. */
export interface PrivateShare {
  readonly lineage: Lineage;
  /** Pages that it has not. */
  readonly missing: number;
  /** Pages that no other process has, and that may be from a maker who has them no more. */
  readonly inherited: number;
}

/**
 * Of private mappings: for the maker each page is reserved until it is first written to. `madvise(MADV_DONTNEED)` gives the reservation
 * back together with the page from Linux 6.9 on, unless the pool has surplus pages at that moment. Whoever is not the maker has none, and
 * perhaps what {@link inheritedClaim} tells of.
 *
 * @param keeps - whether the kernel does that
 */
export function privateClaim({ lineage, missing, inherited }: PrivateShare, keeps: boolean): Amount | undefined {
  const made: Spans = [[missing, missing]];
  const inherits: Spans = [[0 - inherited, 0]];
  const bounds = { least: 0 - inherited, most: missing, firm: false };
  switch (lineage) {
    case 'maker':
      return { usual: made, least: 0, most: missing, firm: keeps };
    case 'likely':
      return { ...bounds, usual: made };
    case 'unknown':
      return { ...bounds, usual: [...made, ...inherits] };
    case 'orphan':
      return { ...bounds, usual: inherits };
    case 'heir':
      return undefined;
  }
}

/**
 * Of pages that only those have who did not make the mapping. When the maker unmaps a page, Linux 6.9 and later give it its reservation
 * back, and the page becomes free, and counted as reserved, only when these have left it, too. Until then the counter is too low by that
 * page. It is not where the maker has left the page to them by writing, nor where they have written themselves.
 *
 * @param isLikely - whether the one who has most likely made it is among them
 */
export function inheritedClaim(pages: number, isLikely: boolean): Amount {
  return { usual: [[isLikely ? 0 : -pages, 0]], least: -pages, most: 0, firm: false };
}

/**
 * Of pages that nothing has: while a page fault fills one, it is of no mapping, and its reservation is gone already.
 *
 * @param unseen - pages that may be reserved for processes which are not seen
 */
export function leftOverClaim(pages: number, unseen: number): Amount {
  const least = 0 - Math.max(0, pages);
  return { usual: [[least, unseen]], least, most: unseen, firm: unseen > 0 };
}

/** What is known of a shared object. Pages. */
export interface ObjectPages {
  /** Its length. */
  readonly pages: number;
  readonly present: number;
  /** Whether it is reserved whole when it is made, if it is at all. */
  readonly isWhole: boolean;
  /** Of mappings that reserve: from a page to the one behind the last. */
  readonly reserving: readonly (readonly [start: number, end: number])[];
  /** Whether there are mappings, none of which reserves. */
  readonly onlyUnreserved: boolean;
}

/**
 * Of a shared object: what was ever mapped is reserved as the object's own, also when it is unmapped, until the page is there. Which pages
 * are there the kernel does not tell, nor what was mapped before. A hole that is punched has no reservation, and looks like a page that
 * nobody has touched yet.
 */
export function objectClaim({ pages, present, isWhole, reserving, onlyUnreserved }: ObjectPages): Amount | undefined {
  const missing = pages - present;
  if (missing <= 0) return undefined;
  const bounds = { least: 0, most: missing, firm: false };
  if (onlyUnreserved) return { ...bounds, usual: isWhole ? [[0, 0]] : [[0, 0], [1, missing]] };
  const mapped = isWhole ? pages : coveredPages(reserving);
  return { ...bounds, usual: [[Math.max(0, mapped - present), missing]] };
}

function coveredPages(ranges: ObjectPages['reserving']): number {
  let [pages, reached] = [0, 0];
  for (const [start, end] of [...ranges].sort(([a], [b]) => a - b)) {
    pages += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return pages;
}
