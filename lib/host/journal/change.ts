/** The kinds of changes that a journal holds: each says enough to take it back, and no more. Paths are the machine's, without a root. */

/** A kernel file of one setting, such as `nr_overcommit_hugepages` or THP's `enabled`. */
export interface SettingChange {
  readonly kind: 'setting';
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** Persistent pages that were added to a pool, or taken from it. */
export interface PoolPagesChange {
  readonly kind: 'pool-pages';
  /** Bytes. */
  readonly pageSize: number;
  /** Of the whole pool when left out. */
  readonly node?: number | undefined;
  /** Persistent pages before the change. */
  readonly before: number;
  /** Pages that were asked for; once `settled`, those that the kernel granted. Negative when pages were taken. */
  readonly added: number;
  readonly settled?: boolean;
  /** Persistent pages when the undo began: an undo that was killed goes on from there. */
  readonly undoFrom?: number;
}

export type Change = SettingChange | PoolPagesChange;

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => Number.isSafeInteger(value);
const optional = (check: Check): Check => (value) => value === undefined || check(value);

const FIELDS: Record<Change['kind'], Record<string, Check>> = {
  setting: { path: isText, before: isText, after: isText },
  'pool-pages': {
    ...{ pageSize: isCount, node: optional(isCount), before: isCount, added: isCount },
    ...{ settled: optional((value) => typeof value === 'boolean'), undoFrom: optional(isCount) },
  },
};

/** Whether a value that was read from a file is a change with all its fields. */
export function isChange(value: unknown): value is Change {
  if (typeof value !== 'object' || value === null) return false;
  const kind: unknown = Reflect.get(value, 'kind');
  if (typeof kind !== 'string' || !Object.hasOwn(FIELDS, kind)) return false;
  return Object.entries(FIELDS[kind as Change['kind']]).every(([name, check]) => check(Reflect.get(value, name)));
}
