/** The files of a mount. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nameOf, pathBytes } from '../byte-names.js';
import { fileError } from '../text.js';
import { deviceName } from './holders.js';

/** A file on a hugetlbfs mount. */
export interface MountedFile {
  /** In a name that is not valid UTF-8 each byte beyond ASCII is a lone surrogate: `\udcff` for 0xff. */
  readonly path: string;
  readonly inode: number;
  /** Bytes of the pages that it keeps. Its length may be more. */
  readonly allocatedBytes: number;
  readonly byteLength: number;
  /** Milliseconds since it was made or its length was changed: writing through a mapping is not noted. */
  readonly age: number;
}

/**
 * All regular files of one file system below a directory.
 *
 * @param device - `major:minor`
 * @param refused - what to do where a directory may not be read: throws the error by default
 */
export async function filesIn(directory: string, device: string, refused: (error: unknown) => void = raise): Promise<MountedFile[]> {
  const entries = await unlessGone(`list ${directory}`, directory, () => readdir(pathBytes(directory), 'buffer')).catch(refused);
  const files = await Promise.all((entries ?? []).map((name) => filesAt(join(directory, nameOf(name)), device, refused)));
  return files.flat();
}

async function filesAt(path: string, device: string, refused: (error: unknown) => void): Promise<MountedFile[]> {
  const stat = await unlessGone(`look at ${path}`, path, () => lstat(pathBytes(path))).catch(refused);
  if (stat === undefined || deviceName(stat.dev) !== device) return []; // or another mount
  if (stat.isDirectory()) return filesIn(path, device, refused);
  if (!stat.isFile()) return [];
  const allocatedBytes = stat.blocks * 512;
  return [{ path, inode: stat.ino, allocatedBytes, byteLength: stat.size, age: Math.max(0, Math.round(Date.now() - stat.mtimeMs)) }];
}

function raise(error: unknown): never {
  throw error;
}

/** Undefined where another process has removed the file or directory in the meantime. */
export async function unlessGone<T>(what: string, path: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError(`Could not ${what}`, path, error);
  }
}
