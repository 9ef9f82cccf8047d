/** One file of the journal: what for, and the changes that are still to be taken back, in the order they were made. Its name says whose. */
import { mkdirSync, readFileSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileError, underRoot } from '../text.js';
import type { RootOptions } from '../text.js';
import { isChange } from './change.js';
import type { Change } from './change.js';
import { writeDurably } from './durable.js';
import type { Owner } from './owner.js';

/** In memory: what it holds ends with the boot, as do the changes. */
const JOURNAL = '/run/hugepages';
const NAME = /^(\d+)-(\d+)-(\d+)-(\d+)\.json(\.new)?$/;

export interface Entry {
  readonly purpose: string;
  readonly changes: readonly Change[];
}

/** What the name of a file says. */
export interface EntryName {
  readonly owner: Owner;
  /** Nanoseconds from boot to when it was opened: tells a process's entries apart, and which of two is the later. */
  readonly opened: number;
  /** False for the next state of an entry, `.new`, whose writer was killed before it was the entry. */
  readonly finished: boolean;
}

export interface FoundEntry extends EntryName {
  readonly file: string;
}

/** `4026531836-4711-123456-78901234567.json` */
export function entryFile({ namespace, pid, startTime }: Owner, opened: number, options: RootOptions): string {
  return join(underRoot(JOURNAL, options), `${[namespace, pid, startTime, opened].map(String).join('-')}.json`);
}

/** Undefined for what is no file of the journal. */
export function parseEntryName(file: string): EntryName | undefined {
  const parts = NAME.exec(basename(file));
  if (parts === null) return undefined;
  const [, namespace, pid, startTime, opened] = parts.map(Number) as [number, number, number, number, number];
  return { owner: { namespace, pid, startTime }, opened, finished: parts[5] === undefined };
}

/** All files of the journal, the last one first. */
export function entryFiles(options: RootOptions): FoundEntry[] {
  const directory = underRoot(JOURNAL, options);
  try {
    return readdirSync(directory)
      .flatMap((name) => {
        const parsed = parseEntryName(name);
        return parsed === undefined ? [] : [{ ...parsed, file: join(directory, name) }];
      })
      .sort((a, b) => b.opened - a.opened);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fileError(`Could not read the journal in ${directory}`, directory, error);
  }
}

/** @returns undefined when the file is gone, or holds no entry */
export function readEntry(file: string): Entry | undefined {
  try {
    return parseEntry(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError(`Could not read ${file}`, file, error);
  }
}

/** The entry of a file's text; undefined for anything else. */
export function parseEntry(text: string): Entry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { purpose, changes } = value as Partial<Record<keyof Entry, unknown>>;
  return typeof purpose === 'string' && Array.isArray(changes) && changes.every(isChange) ? { purpose, changes } : undefined;
}

/** Makes the directory where it is missing: whoever removes the last entry removes it too. */
export function writeEntry(file: string, entry: Entry, options: RootOptions): void {
  for (let tries = 3; ; tries--) {
    try {
      mkdirSync(underRoot(JOURNAL, options), { recursive: true });
      writeDurably(file, `${JSON.stringify(entry, undefined, 2)}\n`);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && tries > 1) continue;
      throw fileError(`Could not note in ${file} what is to be undone`, file, error, 'Run as root, with a writable /run');
    }
  }
}

/** And the directory with the last one. */
export function removeEntry(file: string, options: RootOptions): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError(`Could not remove ${file}`, file, error);
  }
  removeEmptyJournal(options);
}

export function removeEmptyJournal(options: RootOptions): void {
  try {
    rmdirSync(underRoot(JOURNAL, options));
  } catch {
    // Others still have entries there, or it is gone; and an empty directory that has to stay does no harm.
  }
}
