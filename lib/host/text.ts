/** Reading the kernel's text files, below a root so that a recorded tree of another machine can be read. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { checkOptions } from '../arguments.js';
import { HugePagesError, errnoName, invalidArgType } from '../errors.js';

/** Where the readers of kernel text look. */
export interface RootOptions {
  /** Directory that holds `proc` and `sys`. Default `/`. */
  readonly root?: string;
}

/**
 * The file under the root, as the system calls get it.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` for other options than a root
 */
export function underRoot(path: string, options: RootOptions): string {
  const { root } = checkOptions(options, 'options', ['root']);
  if (root !== undefined && typeof root !== 'string') throw invalidArgType('options.root', 'of type string', root);
  return root === undefined ? path : join(root, path);
}

/**
 * The text of a kernel file, without the newline at its end.
 *
 * @returns undefined where the kernel has no such file
 * @throws HugePagesError `ERR_HUGEPAGES_PERMISSION` or `ERR_HUGEPAGES_SYSTEM`
 */
export function readText(path: string, options: RootOptions): string | undefined {
  const file = underRoot(path, options);
  return unlessMissing(file, () => readFileSync(file, 'utf8').trimEnd());
}

/** {@link readText} for a file that holds one number; beyond 2^53 it is rounded. */
export function readNumber(path: string, options: RootOptions): number | undefined {
  const text = readText(path, options);
  return text === undefined ? undefined : Number(text);
}

/** {@link readNumber} for a counter that the kernel may bring below 0, and then shows as 2^64 less. */
export function readSigned(path: string, options: RootOptions): number | undefined {
  const text = readText(path, options);
  return text === undefined ? undefined : Number(BigInt.asIntN(64, BigInt(text)));
}

/** What a symbolic link of the kernel says, such as `mnt:[4026531832]` of `/proc/self/ns/mnt`. Undefined where there is none. */
export function readLink(path: string, options: RootOptions): string | undefined {
  const file = underRoot(path, options);
  return unlessMissing(file, () => readlinkSync(file));
}

/** The numbers in the names of a directory's entries: `node0`, `node1` → 0, 1 for `/^node(\d+)$/`. Ascending; none where it is missing. */
export function listNumbered(path: string, pattern: RegExp, options: RootOptions): number[] {
  const directory = underRoot(path, options);
  const names = unlessMissing(directory, () => readdirSync(directory)) ?? [];
  return names
    .flatMap((name) => pattern.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/**
 * What a reading of a file returns, or undefined where there is no such file.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_PERMISSION` or `ERR_HUGEPAGES_SYSTEM`
 */
export function unlessMissing<T>(file: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw fileError(`Could not read ${file}`, file, error);
  }
}

/** What a reading returns, or undefined where the kernel's files cannot be read: for what explains a failure, and must not hide it. */
export function ifReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof HugePagesError) return undefined;
    throw error;
  }
}

/** A failed access to a kernel file as a {@link HugePagesError}: lack of privilege told apart from everything else. */
export function fileError(message: string, file: string, cause: unknown, remedy?: string): HugePagesError {
  const { errno: given, syscall, message: reason } = cause as NodeJS.ErrnoException;
  const errno = given === undefined ? undefined : -Math.abs(given); // positive from rmSync()
  // A container sees a read-only /sys: for the caller the same as a lacking privilege.
  const name = errno === undefined ? '' : errnoName(errno);
  const permission = ['EACCES', 'EPERM', 'EROFS'].includes(name);
  const mayHelp = permission && name !== 'EROFS' && process.geteuid?.() !== 0;
  // Node refuses some things by itself, such as a text of more than 512 MiB.
  const what = errno === undefined ? `${message}: ${reason}` : message;
  return new HugePagesError(permission ? 'ERR_HUGEPAGES_PERMISSION' : 'ERR_HUGEPAGES_SYSTEM', what, {
    errno,
    syscall,
    details: { file },
    remedy: remedy ?? (mayHelp ? 'Run as root' : undefined),
    cause,
  });
}
