/** Puts back what killed programs have left changed. */
import { renameSync } from 'node:fs';
import { checkBoolean, checkOptions } from '../../arguments.js';
import { fileError } from '../text.js';
import type { RootOptions } from '../text.js';
import type { Change } from './change.js';
import { entryFile, entryFiles, readEntry, removeEmptyJournal, removeEntry, writeEntry } from './entry.js';
import type { Entry, FoundEntry } from './entry.js';
import { ownerState, thisProcess } from './owner.js';
import { undoChanges } from './undo.js';
import type { UndoneChange } from './undo.js';

export interface RestoreOptions extends RootOptions {
  /** Says what would be undone, and undoes nothing. Default false. */
  readonly dryRun?: boolean;
}

/** What one program has left, or what one that still runs is going to undo itself. */
export interface RestoredEntry {
  readonly purpose: string;
  readonly pid: number;
  /** `running`: it undoes its changes itself. `unknown`: it is of another PID namespace, and is left alone. */
  readonly owner: 'running' | 'gone' | 'unknown';
  readonly changes: readonly Change[];
  /** Empty in a dry run and where the owner is not gone. */
  readonly undone: readonly UndoneChange[];
}

/**
 * Undoes what is noted in `/run/hugepages` by programs that no longer run: each change only as far as nobody else has changed the
 * same thing since. Two of these at a time do not undo anything twice, and one that is killed is continued by the next.
 *
 * @returns one element for each program and purpose; a change that failed is in `undone`, with its error
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` for wrong options
 * @throws HugePagesError `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM` when the journal cannot be read or changed
 */
export function restore(options: RestoreOptions = {}): RestoredEntry[] {
  const given = checkOptions(options, 'options', ['root', 'dryRun']);
  const dryRun = checkBoolean(given.dryRun, 'options.dryRun', false);
  const rootOptions = options.root === undefined ? {} : { root: options.root };
  if (!dryRun) removeUnfinished(rootOptions);
  const finished = entryFiles(rootOptions).filter((found) => found.finished);
  const restored = finished.flatMap((found) => restoreEntry(found, dryRun, rootOptions) ?? []);
  // One of a program that was killed before its first entry, or after its last.
  if (!dryRun) removeEmptyJournal(rootOptions);
  return restored;
}

/** Entries whose writers were killed before they made the change. */
function removeUnfinished(options: RootOptions): void {
  for (const { finished, owner, file } of entryFiles(options)) {
    if (!finished && ownerState(owner) === 'gone') removeEntry(file, options);
  }
}

function restoreEntry(found: FoundEntry, dryRun: boolean, options: RootOptions): RestoredEntry | undefined {
  const { owner, file } = found;
  const state = ownerState(owner);
  const own = dryRun || state !== 'gone' ? undefined : takeOver(found, options);
  const entry = readEntry(own ?? file);
  if (entry === undefined) return undefined;
  const undone = own === undefined ? [] : undoEntry(own, entry, options);
  return { purpose: entry.purpose, pid: owner.pid, owner: state, changes: entry.changes, undone };
}

/** From now on this process is the owner. Of two that try, one succeeds. */
function takeOver({ file, opened }: FoundEntry, options: RootOptions): string | undefined {
  const own = entryFile(thisProcess(), opened, options);
  try {
    renameSync(file, own);
    return own;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError(`Could not take over ${file}`, file, error, 'Run as root');
  }
}

function undoEntry(file: string, entry: Entry, options: RootOptions): UndoneChange[] {
  return undoChanges(entry.changes, options, (changes) => writeChanges(file, { ...entry, changes }, options));
}

function writeChanges(file: string, entry: Entry, options: RootOptions): void {
  if (entry.changes.length === 0) removeEntry(file, options);
  else writeEntry(file, entry, options);
}

/** Changes that killed programs have left and that are wanted now: they stay, and are no longer to be undone. */
export function forgetLeft(wanted: (change: Change) => boolean, options: RootOptions): void {
  removeUnfinished(options);
  for (const found of entryFiles(options)) {
    const entry = found.finished && ownerState(found.owner) === 'gone' ? readEntry(found.file) : undefined;
    if (entry?.changes.some(wanted) !== true) continue;
    const own = takeOver(found, options);
    if (own !== undefined) writeChanges(own, { ...entry, changes: entry.changes.filter((change) => !wanted(change)) }, options);
  }
}
