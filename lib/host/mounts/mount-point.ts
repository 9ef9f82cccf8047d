/** The directory that something is mounted on: what it has to be, and making it where it is missing. */
import { closeSync, constants, lstatSync, mkdirSync, openSync, readdirSync, realpathSync, rmdirSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
import { HugePagesError, errnoName } from '../../errors.js';
import { native } from '../../native.js';
import { fileError } from '../text.js';
import { quote } from './request.js';

/**
 * Makes a directory and those above it that are missing, or none of them. Returns those that it made, outermost first.
 *
 * @param command - what root can do instead
 */
export function makeDirectories(path: string, command: string): string[] {
  const made: string[] = [];
  try {
    for (const directory of missingDirectories(path)) if (makeDirectory(directory)) made.push(directory);
    return made;
  } catch (error) {
    removeDirectories(made);
    const remedies: Record<string, string> = {
      EACCES: `Run as root, or: ${command}`,
      EROFS: 'Name a directory on a file system that can be written',
    };
    const { errno = 0 } = error as NodeJS.ErrnoException;
    throw fileError(`Could not make the directory ${path}`, path, error, remedies[errnoName(errno)]);
  }
}

/** False when another process was faster. */
function makeDirectory(directory: string): boolean {
  try {
    mkdirSync(directory);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function missingDirectories(path: string): string[] {
  return statOf(path) === undefined ? [...missingDirectories(dirname(path)), path] : [];
}

/** Takes back what {@link makeDirectories} made, as far as nobody else uses it. */
export function removeDirectories(made: readonly string[]): void {
  try {
    for (const directory of made.toReversed()) rmdirSync(directory);
  } catch {
    // Another process has put something there in the meantime.
  }
}

/** Checks that a path is an empty directory, or nothing yet. */
export function checkMountPoint(path: string): void {
  const stat = statOf(path);
  if (stat === undefined) return;
  if (stat.isSymbolicLink()) throw unsuitable(path, 'is a symbolic link', `Name the directory that it points to: ${targetOf(path)}`);
  if (!stat.isDirectory()) throw unsuitable(path, 'is not a directory', 'Name an empty directory, or one that does not exist yet');
  const entries = reading(path, () => readdirSync(path));
  if (entries.length > 0) {
    const what = `is not empty: the mount would hide ${String(entries.length)} of its entries, such as ${String(entries[0])}`;
    throw unsuitable(path, what, 'Name an empty directory, or one that does not exist yet');
  }
}

/**
 * Runs a function while this process alone mounts on a directory: it gets a path that leads there, whatever is put in place of the
 * directory in the meantime.
 */
export function withMountPoint<T>(path: string, use: (path: string) => T): T {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  const descriptor = reading(path, () => openSync(path, flags));
  try {
    lock(descriptor, path);
    return use(`/proc/self/fd/${String(descriptor)}`);
  } finally {
    closeSync(descriptor);
  }
}

const LOCK_ATTEMPTS = 100;
const LOCK_RETRY_MS = 20;

// Whoever may read the directory may hold the lock as long as he likes: no wait without end.
function lock(descriptor: number, path: string): void {
  const sleeping = new Int32Array(new SharedArrayBuffer(4));
  for (let attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
    if (native.tryLock(descriptor)) return;
    Atomics.wait(sleeping, 0, 0, LOCK_RETRY_MS);
  }
  throw new HugePagesError('ERR_HUGEPAGES_BUSY', `Another process holds a lock on ${path}`, {
    details: { path },
    remedy: `Find it in /proc/locks, or by: sudo fuser ${quote(path)}`,
  });
}

function statOf(path: string): Stats | undefined {
  return reading(path, () => lstatSync(path, { throwIfNoEntry: false }));
}

function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTDIR') throw fileError(`Could not look at ${path}`, path, error);
    throw unsuitable(path, 'is not a directory', 'Name an empty directory, or one that does not exist yet');
  }
}

function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return 'nothing, now';
  }
}

function unsuitable(path: string, what: string, remedy: string): HugePagesError {
  return new HugePagesError('ERR_HUGEPAGES_MOUNT_POINT', `${path} ${what}`, { details: { path }, remedy });
}
