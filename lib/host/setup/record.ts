/** What setup has changed, and how it was before the first time: kept over boots, as the changes are. */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { HugePagesError } from '../../errors.js';
import { native } from '../../native.js';
import { temporaryName, writeDurably } from '../journal/durable.js';
import { fileError, underRoot } from '../text.js';
import type { RootOptions } from '../text.js';
import { makeDirectory, removeIfEmpty } from './files.js';
import { KINDS } from './items.js';
import type { Kind, RecordedItem } from './items.js';

/** What the file holds. */
export interface SetupRecord {
  readonly items: readonly RecordedItem[];
  /** From before the first step until after the last one: a setup or an undo runs, or was killed. */
  readonly unfinished: boolean;
}

const DIRECTORY = '/var/lib/hugepages';
const FILE = `${DIRECTORY}/setup.json`;
const LOCK = `${DIRECTORY}/setup.lock`;
const PURPOSE = "What 'hugepages setup' changed, for 'hugepages setup --undo'";
const REMEDY = 'Run as root, where /var/lib is there and writable; a dry run needs no root';

/** The record; empty where there is none. */
export function readRecord(options: RootOptions): SetupRecord {
  const file = underRoot(FILE, options);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { items: [], unfinished: false };
    throw fileError(`Could not read ${file}`, file, error, 'Run as root');
  }
  return parseRecord(text, file);
}

/** Whether a setup or an undo was killed, or still runs. */
export function isSetupUnfinished(options: RootOptions = {}): boolean {
  return readRecord(options).unfinished;
}

/** @throws HugePagesError `ERR_HUGEPAGES_SYSTEM` for a text that setup has not written */
function parseRecord(text: string, file: string): SetupRecord {
  try {
    const { items, unfinished } = JSON.parse(text) as { items: unknown; unfinished?: unknown };
    if (Array.isArray(items) && items.every(isRecorded)) return { items, unfinished: unfinished === true };
  } catch {
    // Not even JSON: the same answer.
  }
  throw new HugePagesError('ERR_HUGEPAGES_SYSTEM', `${file} is not what setup has written`, {
    details: { file },
    remedy: 'Restore it from a backup, or remove it: what setup changed then stays',
  });
}

function isRecorded(value: unknown): value is RecordedItem {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, path, before, ours } = value as Partial<Record<keyof RecordedItem, unknown>>;
  const isText = (part: unknown): boolean => typeof part === 'string';
  const item = KINDS.includes(kind as Kind) && isText(path) && (before === undefined || isText(before));
  return item && Array.isArray(ours) && ours.every(isText);
}

/** Is on its medium when this returns. Without items the file goes. */
export function writeRecord({ items, unfinished }: SetupRecord, options: RootOptions): void {
  const file = underRoot(FILE, options);
  try {
    if (items.length === 0) rmSync(file, { force: true });
    else writeDurably(file, `${JSON.stringify({ purpose: PURPOSE, ...(unfinished && { unfinished }), items }, undefined, 2)}\n`);
  } catch (error) {
    throw fileError(`Could not write ${file}`, file, error, 'Run as root');
  }
}

/**
 * Runs a setup while no other one runs, and leaves nothing behind but the record.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_BUSY`, `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM`
 */
export async function withRecordLocked<T>(options: RootOptions, use: () => Promise<T>): Promise<T> {
  const descriptor = lock(options);
  try {
    rmSync(temporaryName(underRoot(FILE, options)), { force: true });
    return await use();
  } finally {
    rmSync(underRoot(LOCK, options), { force: true });
    removeIfEmpty(underRoot(DIRECTORY, options));
    closeSync(descriptor);
  }
}

function lock(options: RootOptions): number {
  const [directory, file] = [underRoot(DIRECTORY, options), underRoot(LOCK, options)];
  for (;;) {
    const descriptor = openLock(directory, file);
    const locked = native.tryLock(descriptor);
    // Whoever had it has removed the file: a third one may hold another file of that name.
    if (locked && fstatSync(descriptor).ino === statSync(file, { throwIfNoEntry: false })?.ino) return descriptor;
    closeSync(descriptor);
    if (locked) continue;
    throw new HugePagesError('ERR_HUGEPAGES_BUSY', 'Another setup is running', {
      details: { file },
      remedy: `Wait until it has ended; see which process it is: sudo fuser ${file}`,
    });
  }
}

function openLock(directory: string, file: string): number {
  try {
    // Nothing above it: a root that is misspelt has no /var/lib.
    if (!existsSync(directory)) makeDirectory(directory);
    // For its owner only: whoever can open it can hold the lock.
    return openSync(file, 'w', 0o600);
  } catch (error) {
    throw fileError(`Could not lock the record of setups, ${file}`, file, error, REMEDY);
  }
}
