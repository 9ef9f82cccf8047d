/** Directories, files and symbolic links as items of a setup. */
import { isUtf8 } from 'node:buffer';
import { chmodSync, lstatSync, mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, rmdirSync, statSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectory, temporaryName, writeDurably } from '../journal/durable.js';
import { fileError, underRoot } from '../text.js';
import type { RootOptions } from '../text.js';
import type { Item, Value } from './items.js';

export const DIRECTORY = 'directory';

/** The value of whatever is in the place of a directory, a text file or a link, and is none: setup neither replaces nor removes it. */
export const SOMETHING_ELSE = '\0';

/** The value of a directory, a text file or a link. */
export function readFileItem({ kind, path }: Item, options: RootOptions): Value {
  const file = underRoot(path, options);
  return reporting('read', file, () => {
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    if (kind === 'directory') return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true ? DIRECTORY : SOMETHING_ELSE;
    if (kind === 'link') return stat.isSymbolicLink() ? readlinkSync(file) : SOMETHING_ELSE;
    const bytes = stat.isFile() ? readFileSync(file) : undefined;
    return bytes !== undefined && isUtf8(bytes) ? bytes.toString() : SOMETHING_ELSE;
  });
}

/** Undefined removes it. A directory that others put something into stays. */
export function writeFileItem({ kind, path }: Item, value: Value, options: RootOptions): void {
  const file = underRoot(path, options);
  reporting('write', file, () => {
    if (kind === 'directory' && value === undefined) removeIfEmpty(file);
    else if (kind === 'directory') makeDirectory(file);
    else if (value === undefined) removeFile(file);
    else if (kind === 'link') writeLink(file, value);
    else writeText(file, value);
  });
}

/** Everybody may pass, whatever the umask: as systemd makes the directories that a mount lacks. */
export function makeDirectory(directory: string): void {
  mkdirSync(directory);
  chmodSync(directory, 0o755);
}

/** Removes what a program that was killed in the middle of {@link writeFileItem} has left beside the file. */
export function removeTemporary({ path }: Item, options: RootOptions): void {
  const file = temporaryName(underRoot(path, options));
  reporting('remove', file, () => rmSync(file, { force: true }));
}

/** @returns false when it has entries, or is in use */
export function removeIfEmpty(directory: string): boolean {
  try {
    rmdirSync(directory);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EBUSY') return false;
    throw error;
  }
}

function removeFile(file: string): void {
  rmSync(file);
  syncDirectory(dirname(file));
}

// rename(2) replaces what is there in one step.
function writeLink(file: string, target: string): void {
  const temporary = temporaryName(file);
  rmSync(temporary, { force: true });
  symlinkSync(target, temporary);
  renameSync(temporary, file);
  syncDirectory(dirname(file));
}

// Who may read a file that was there stays so.
function writeText(file: string, text: string): void {
  const earlier = lstatSync(file, { throwIfNoEntry: false });
  writeDurably(file, text, earlier === undefined ? undefined : earlier.mode & 0o777);
}

function reporting<T>(verb: string, file: string, access: () => T): T {
  try {
    return access();
  } catch (error) {
    throw fileError(`Could not ${verb} ${file}`, file, error, 'Run as root, where that file system is writable');
  }
}
