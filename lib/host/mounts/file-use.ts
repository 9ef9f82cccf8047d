/** Whether anybody uses a file: the kernel's own answer, also for processes that cannot be looked into. */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { pathBytes } from '../byte-names.js';
import { native } from '../../native.js';

/** `gone`: the name is no more, or is another file's. Undefined where the kernel does not tell this user. */
export type FileUse = 'used' | 'unused' | 'gone' | undefined;

/**
 * Asks for a write lease, which the kernel gives when nobody else has the file open or mapped, in whatever process or on the way through a
 * socket, and gives it back at once: fcntl(2). It takes the owner of the file, or CAP_LEASE. Nothing of the file changes, and its times
 * do not either.
 */
export function useOfFile(path: string, inode: number): FileUse {
  let descriptor: number;
  try {
    // Does not wait for who has a lease on it.
    descriptor = openSync(pathBytes(path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    return useRefused(error as NodeJS.ErrnoException);
  }
  try {
    if (fstatSync(descriptor).ino !== inode) return 'gone';
    return native.isAlone(descriptor) ? 'unused' : 'used';
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

function useRefused({ code }: NodeJS.ErrnoException): FileUse {
  switch (code) {
    case 'EAGAIN':
      return 'used';
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ELOOP':
      return 'gone';
    default:
      return undefined;
  }
}
