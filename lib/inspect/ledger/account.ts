/** The account of one pool: its rows, and what is reserved for each. */
import type { Draft, Entry } from './entry.js';
import { mountEntries } from './mount-entries.js';
import type { MountedFileSystem } from './mounted.js';
import { objectEntry } from './object-entries.js';
import type { SharedObject } from './objects.js';
import { privateEntries } from './private-entries.js';
import type { PrivatePages } from './private-pages.js';
import { settle } from './settle.js';
import type { LedgerRow } from './types.js';

/** What there is of one page size. */
export interface Findings {
  readonly privatePages: PrivatePages;
  readonly objects: readonly SharedObject[];
  readonly fileSystems: readonly MountedFileSystem[];
  /** Whether no process is hidden, which may use any of the objects. */
  readonly allSeen: boolean;
}

/**
 * The rows of a pool, the largest first; those of which there are no pages are left out.
 *
 * @param reserved - pages that the pool has reserved
 */
export function account({ privatePages, objects, fileSystems, allSeen }: Findings, reserved: number): LedgerRow[] {
  const found = [...privateEntries(privatePages), ...objects.map((object) => objectEntry(object, allSeen))];
  const mounted = new Set(fileSystems.map(({ device }) => device));
  const others = found.filter(({ device }) => device === undefined || !mounted.has(device));
  const entries = [...others, ...fileSystems.flatMap((fileSystem) => mountEntries(fileSystem, found))];
  for (const { draft, used } of entries) draft.used += used;
  return rowsOf(entries, reserved);
}

function rowsOf(entries: readonly Entry[], total: number): LedgerRow[] {
  const claims = entries.flatMap(({ draft, claim }) => (claim === undefined ? [] : { row: draft, ...claim }));
  const { reserved, undetermined } = settle(claims, total);
  const reservedOf = (draft: Draft): number => reserved.get(draft) ?? 0;
  const sizeOf = (draft: Draft): number => draft.used + reservedOf(draft);
  const candidates = new Map(undetermined.among.map(({ row, most }) => [row, most]));
  const drafts = [...new Set(entries.map(({ draft }) => draft))]
    .filter((draft) => draft.used !== 0 || reservedOf(draft) !== 0 || candidates.has(draft))
    .sort((a, b) => sizeOf(b) - sizeOf(a));
  const rows = drafts.map((draft): LedgerRow => ({ ...draft, reserved: reservedOf(draft) }));
  if (undetermined.pages === 0) return rows;
  const among = drafts.flatMap((draft, row) => ({ row, most: candidates.get(draft) ?? 0 })).filter(({ most }) => most !== 0);
  return [...rows, { kind: 'undetermined', used: 0, reserved: undetermined.pages, holders: [], among }];
}
