/** How far free memory is in pieces: `/proc/buddyinfo`. */

/**
 * Free blocks by order, over all nodes and zones: at index n, those of 2^n base pages.
 *
 * @param text - of `/proc/buddyinfo`
 */
export function parseBuddyinfo(text: string): number[] {
  const counts: number[] = [];
  for (const [, line = ''] of text.matchAll(/^Node\s+\d+, zone\s+\S+((?:\s+\d+)+)\s*$/gm)) {
    for (const [order, count] of line.trim().split(/\s+/).entries()) counts[order] = (counts[order] ?? 0) + Number(count);
  }
  return counts;
}

/**
 * The share of free memory that is in blocks that hold a page of this size.
 *
 * @param counts - of {@link parseBuddyinfo}
 * @param free - bytes of free memory: how large a base page is, buddyinfo does not say
 * @returns undefined where the allocator has no blocks so large, as for gigantic pages
 */
export function contiguousShare(counts: readonly number[], free: number, pageSize: number): number | undefined {
  const pages = counts.map((count, order) => count * 2 ** order);
  const all = sum(pages);
  if (all === 0 || free === 0) return undefined;
  const basePage = 2 ** Math.round(Math.log2(free / all));
  const smallest = Math.log2(pageSize / basePage);
  return smallest < counts.length ? sum(pages.slice(smallest)) / all : undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
