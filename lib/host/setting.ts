/** Kernel files that hold one setting: writing them, with a remedy for each way in which the kernel refuses. */
import { accessSync, constants, writeFileSync } from 'node:fs';
import { errnoName } from '../errors.js';
import type { HugePagesError } from '../errors.js';
import { fileError, readText, underRoot } from './text.js';
import type { RootOptions } from './text.js';

/** The value in force: the word in brackets of a file that lists its choices, as `always [madvise] never`; else all of the text. */
export function readSetting(path: string, options: RootOptions): string | undefined {
  const text = readText(path, options);
  return text === undefined ? undefined : (/\[(.+)\]/.exec(text)?.[1] ?? text);
}

/** @throws HugePagesError `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM` */
export function writeSetting(path: string, value: string, options: RootOptions): void {
  const file = underRoot(path, options);
  try {
    writeFileSync(file, value);
  } catch (error) {
    throw settingError(file, value, error);
  }
}

/**
 * Whether it may be written, before the first of several is: so that nothing is half done.
 *
 * @param tee - what writes it in a shell
 */
export function checkWritable(path: string, value: string, options: RootOptions, tee?: string): void {
  const file = underRoot(path, options);
  try {
    accessSync(file, constants.W_OK);
  } catch (error) {
    throw settingError(file, value, error, tee);
  }
}

export function settingError(file: string, value: string, error: unknown, tee = 'tee'): HugePagesError {
  return fileError(`Could not set ${file} to ${value}`, file, error, remedy(`echo ${value} | sudo ${tee} ${file}`, error));
}

function remedy(command: string, error: unknown): string | undefined {
  const { errno } = error as NodeJS.ErrnoException;
  switch (errno === undefined ? undefined : errnoName(errno)) {
    case 'EACCES':
    case 'EPERM':
      return `Run as root, or: ${command}`;
    case 'EROFS':
      return `It is read-only here, as in a container: run this on the host: ${command}`;
    default:
      return undefined;
  }
}
