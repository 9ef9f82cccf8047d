/** The account of one pool: its rows, and what is reserved for each. */
import { leftOverClaim } from './claims.js';
import type { Draft, Entry } from './entry.js';
import { mountEntries } from './mount-entries.js';
import type { MountedFileSystem } from './mounted.js';
import { objectEntry } from './object-entries.js';
import type { SharedObject } from './objects.js';
import { privateEntries } from './private-entries.js';
import type { PrivatePages } from './private-pages.js';
import { settle } from './settle.js';
import type { LedgerPool, LedgerRow } from './types.js';

/** What there is of one page size. */
export interface Findings {
  readonly privatePages: PrivatePages;
  readonly objects: readonly SharedObject[];
  readonly fileSystems: readonly MountedFileSystem[];
  /** Whether no process is hidden, which may use any of the objects. */
  readonly allSeen: boolean;
  /** Whether this user sees so little of other processes that much may be reserved for them. */
  readonly othersMayReserve: boolean;
}

/** What the pool says. */
type Counts = Pick<LedgerPool, 'used' | 'reserved'>;

/** The rows of a pool, the largest first; those of which there are no pages are left out. */
export function account({ privatePages, objects, fileSystems, allSeen, othersMayReserve }: Findings, pool: Counts): LedgerRow[] {
  const found = [...privateEntries(privatePages), ...objects.map((object) => objectEntry(object, allSeen))];
  const mounted = new Set(fileSystems.map(({ device }) => device));
  const others = found.filter(({ device }) => device === undefined || !mounted.has(device));
  const entries = [...others, ...fileSystems.flatMap((fileSystem) => mountEntries(fileSystem, found))];
  for (const { draft, used } of entries) draft.used += used;
  return rowsOf(entries, pool, othersMayReserve ? Math.max(0, pool.reserved) : 0);
}

/** @param unseen - pages that may be reserved for processes which are not seen */
function rowsOf(entries: readonly Entry[], pool: Counts, unseen: number): LedgerRow[] {
  const claims = entries.flatMap(({ draft, claim }) => (claim === undefined ? [] : { row: draft, ...claim }));
  const leftOver = { row: undefined, ...leftOverClaim(pool.used - entries.reduce((sum, { used }) => sum + used, 0), unseen) };
  const { reserved, undetermined } = settle<Draft | undefined>([...claims, leftOver], pool.reserved);
  const reservedOf = (draft: Draft): number => reserved.get(draft) ?? 0;
  const sizeOf = (draft: Draft): number => draft.used + reservedOf(draft);
  const candidates = new Map(undetermined.among.map((candidate) => [candidate.row, candidate]));
  const drafts = [...new Set(entries.map(({ draft }) => draft))]
    .filter((draft) => draft.used !== 0 || reservedOf(draft) !== 0 || candidates.has(draft))
    .sort((a, b) => sizeOf(b) - sizeOf(a));
  const rows = drafts.map((draft): LedgerRow => ({ ...draft, reserved: reservedOf(draft) }));
  // What may be of processes that are not seen is left over.
  if (undetermined.among.length === 0 || unseen > 0) return rows;
  const among = drafts.flatMap((draft, row) => {
    const candidate = candidates.get(draft);
    return candidate === undefined ? [] : { ...candidate, row };
  });
  return [...rows, { kind: 'undetermined', used: 0, reserved: undetermined.pages, holders: [], among }];
}
