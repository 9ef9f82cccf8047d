/** What a setup changes, thing by thing: each has a path, a value that is a text, and a first value to return to. */

/**
 * The kinds, in the words of the journal.
 *
 * - `directory`: its value is `directory`.
 * - `file`: a text file. `link`: a symbolic link, its value the target.
 * - `setting`: a kernel file of one value or one chosen word.
 * - `overcommit`: the `nr_overcommit_hugepages` of a pool.
 * - `pool-pages`: persistent pages; the path is the pool's `nr_hugepages`. A value is a count, or one for each node: `0:512,1:256`.
 * - `mount`: hugetlbfs, its value the options of mount(8).
 * - `owner`: of the root directory of a mount that others made: `1000:1000 0770`.
 */
export const KINDS = ['directory', 'file', 'link', 'setting', 'overcommit', 'pool-pages', 'mount', 'owner'] as const;
export type Kind = (typeof KINDS)[number];

/** Undefined: there is none. */
export type Value = string | undefined;

/** One thing. */
export interface Item {
  readonly kind: Kind;
  /** Of the machine, without a root. */
  readonly path: string;
}

/** A thing and what a plan wants it to be. */
export interface WantedItem extends Item {
  readonly value: string;
}

/** A thing that setup has changed, or is about to. */
export interface RecordedItem extends Item {
  /** Before the first setup; undefined: it was not there. */
  readonly before?: Value;
  /** What setup made of it, the last one last. One that was cut off may have got to any of them. */
  readonly ours: readonly string[];
}

/** One change. */
export interface Step extends Item {
  readonly before: Value;
  readonly after: Value;
}

/** Whether an item is the kernel's, and no file of the file system. */
export function isLive({ kind }: Item): boolean {
  return kind !== 'directory' && kind !== 'file' && kind !== 'link';
}

function sameItem(a: Item, b: Item): boolean {
  return a.kind === b.kind && a.path === b.path;
}

/** The one of a list that is the same thing. */
export function findItem<T extends Item>(items: readonly T[], item: Item): T | undefined {
  return items.find((other) => sameItem(other, item));
}
