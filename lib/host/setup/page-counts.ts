/** Persistent pages as the value of an item: `512`, or for each node `0:512,1:256`. */

/** By node; a count of the whole machine is under undefined. */
export type PageCounts = ReadonlyMap<number | undefined, number>;

export function formatPageCounts(counts: PageCounts): string {
  return [...counts].map(([node, pages]) => (node === undefined ? String(pages) : `${String(node)}:${String(pages)}`)).join(',');
}

export function parsePageCounts(text: string): PageCounts {
  return new Map(
    text.split(',').map((part) => {
      const [first, second] = part.split(':').map(Number);
      return second === undefined ? [undefined, first ?? NaN] : [first, second];
    }),
  );
}

/** Whether the pages that there are, of every node, are what is wanted of some nodes or of the whole. */
export function holdsPages(now: PageCounts, wanted: PageCounts): boolean {
  return [...wanted].every(([node, pages]) => pagesOf(now, node) === pages);
}

/** Of one node, or of all. */
export function pagesOf(counts: PageCounts, node: number | undefined): number {
  if (node !== undefined) return counts.get(node) ?? 0;
  return [...counts.values()].reduce((sum, pages) => sum + pages, 0);
}

/**
 * What to return to: what was there before, and beside it what others have added or taken away since. A change that was cut off may
 * have got anywhere between the first count and those that setup asked for; only what is outside is others' doing.
 */
export function pagesWithoutOurs(now: PageCounts, before: PageCounts, ours: readonly PageCounts[]): PageCounts {
  const touched = new Set(ours.flatMap((counts) => [...counts.keys()]));
  const wholes = touched.has(undefined);
  const targets = (wholes ? [undefined] : [...touched]).map((node) => {
    const first = pagesOf(before, node);
    return [node, without(pagesOf(now, node), first, reached(before, ours, node))] as const;
  });
  // Spread by the kernel, they may lie on other nodes than they did.
  return wholes && targets.every(([, pages]) => pages === pagesOf(before, undefined)) ? before : new Map(targets);
}

/** The fewest and the most pages that there may have been on the way from the first count to any of those asked for. */
function reached(before: PageCounts, ours: readonly PageCounts[], node: number | undefined): [low: number, high: number] {
  const asked = ours.flatMap((counts) => counts.get(node) ?? []);
  if (node !== undefined) return [Math.min(pagesOf(before, node), ...asked), Math.max(pagesOf(before, node), ...asked)];
  const byNode = [...before.keys()].filter((key) => key !== undefined).map((key) => reached(before, ours, key));
  const whole = pagesOf(before, undefined);
  const sum = (end: 0 | 1): number => (byNode.length === 0 ? whole : byNode.reduce((pages, ends) => pages + ends[end], 0));
  return [Math.min(sum(0), ...asked), Math.max(sum(1), ...asked)];
}

function without(now: number, first: number, [low, high]: readonly [number, number]): number {
  if (now > high) return first + now - high;
  return now < low ? Math.max(0, first + now - low) : first;
}

/** The wanted counts, and the first ones of those nodes that an earlier plan changed and this one does not name. */
export function withForgottenNodes(wanted: PageCounts, before: PageCounts, ours: readonly PageCounts[]): PageCounts {
  if (wanted.has(undefined)) return wanted;
  const changed = (node: number | undefined): boolean => ours.some((counts) => counts.has(node) || counts.has(undefined));
  const forgotten = [...before].filter(([node]) => !wanted.has(node) && changed(node));
  return new Map([...wanted, ...forgotten].sort(([a = 0], [b = 0]) => a - b));
}
