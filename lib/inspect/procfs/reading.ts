/** Reading `/proc/PID`, whose files go away with the process, and are not everybody's to read. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { processDirectory } from '../../host/process-status.js';
import { fileError, underRoot } from '../../host/text.js';
import type { RootOptions } from '../../host/text.js';

/** The kernel does not let this user read it: `EACCES`, `EPERM`. */
export const UNREADABLE: unique symbol = Symbol('unreadable');

/** What was read; undefined when the process is gone, or never was. */
export type Reading<T> = T | typeof UNREADABLE | undefined;

/**
 * The file of a process, as the system calls get it.
 *
 * @throws RangeError `ERR_OUT_OF_RANGE`, TypeError `ERR_INVALID_ARG_TYPE` for what is no pid or no root
 */
export function processFile(pid: number, name: string, options: RootOptions): string {
  return underRoot(`${processDirectory(pid)}/${name}`, options);
}

/** What `parse` makes of the text of a file that the kernel writes from what it has at hand. */
export function readProcess<T>(pid: number, name: string, options: RootOptions, parse: (text: string) => T): Reading<T> {
  const file = processFile(pid, name, options);
  return reading(file, () => parse(readFileSync(file, 'utf8')));
}

/**
 * {@link readProcess} off the event loop: for what the kernel walks page tables for, 10 ms for a GiB of base pages.
 *
 * @param atOnce - reads it here: for a process so small that handing the work to another thread takes longer
 */
export async function readProcessAsync<T>(
  pid: number,
  name: string,
  options: RootOptions,
  parse: (text: string) => T,
  atOnce = false,
): Promise<Reading<T>> {
  if (atOnce) return readProcess(pid, name, options, parse);
  const file = processFile(pid, name, options);
  try {
    return parse(await readFile(file, 'utf8'));
  } catch (error) {
    return failedReading(file, error);
  }
}

/** What `read` returns, where the process and the kernel let it. */
export function reading<T>(file: string, read: () => T): Reading<T> {
  try {
    return read();
  } catch (error) {
    return failedReading(file, error);
  }
}

function failedReading(file: string, error: unknown): typeof UNREADABLE | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined) throw error;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return UNREADABLE;
    case 'ENOENT':
    case 'ESRCH': // it ended between open(2) and read(2)
      return undefined;
    default:
      throw fileError(`Could not read ${file}`, file, error);
  }
}
