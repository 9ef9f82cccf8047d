/** Unmounting hugetlbfs. */
import { checkBoolean, checkOptions } from '../../arguments.js';
import { HugePagesError, errnoName } from '../../errors.js';
import { native } from '../../native.js';
import { fileError } from '../text.js';
import { mountedAt } from './mount-point.js';
import type { HugetlbfsMount } from './mounts.js';
import { parsePath } from './options.js';
import { quote } from './request.js';

/** How {@link unmount} goes about it. */
export interface UnmountOptions {
  /** Check and say what would be done, and do nothing. Needs no root. */
  readonly dryRun?: boolean;
}

/** What became of a mount. */
export interface UnmountResult {
  /** As it was. */
  readonly mount: HugetlbfsMount;
  /** False after a dry run. */
  readonly unmounted: boolean;
  /** What does the same when pasted into a shell. */
  readonly command: string;
}

/**
 * Unmounts the hugetlbfs that is uppermost on a directory, with umount2(2); never any other file system. Its files are gone with it,
 * unless it is mounted elsewhere too. The directory stays.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` for wrong arguments
 * @throws HugePagesError `ERR_HUGEPAGES_NO_MOUNT` when no hugetlbfs is mounted there, `ERR_HUGEPAGES_BUSY` while it is in use,
 *   `ERR_HUGEPAGES_PERMISSION` without CAP_SYS_ADMIN, `ERR_HUGEPAGES_SYSTEM` otherwise
 */
export function unmountSync(path: string, options: UnmountOptions = {}): UnmountResult {
  const { mount, dryRun } = parse(path, options);
  const command = unmountCommand(mount.mountPoint);
  if (dryRun) return { mount, unmounted: false, command };
  try {
    native.unmount(mount.mountPoint);
  } catch (error) {
    throw unmountFailure(mount, error as NodeJS.ErrnoException);
  }
  return { mount, unmounted: true, command };
}

/** {@link unmountSync} that, when it is in use, says by whom. */
export async function unmount(path: string, options: UnmountOptions = {}): Promise<UnmountResult> {
  return Promise.resolve(unmountSync(path, options));
}

function parse(path: unknown, options: unknown): { mount: HugetlbfsMount; dryRun: boolean } {
  const mountPoint = parsePath(path, 'path');
  const dryRun = checkBoolean(checkOptions(options, 'options', ['dryRun']).dryRun, 'options.dryRun', false);
  return { mount: existingMount(mountPoint), dryRun };
}

/** The hugetlbfs mount of a mount point. */
export function existingMount(path: string): HugetlbfsMount {
  const found = mountedAt(path);
  if (found !== undefined) return found;
  throw new HugePagesError('ERR_HUGEPAGES_NO_MOUNT', `No hugetlbfs is mounted on ${path}`, {
    details: { path },
    remedy: 'See which there are: hugepages mount list',
  });
}

function unmountFailure({ mountPoint }: HugetlbfsMount, error: NodeJS.ErrnoException): HugePagesError {
  const message = `Could not unmount ${mountPoint}`;
  const { errno = 0, syscall } = error;
  if (errnoName(errno) !== 'EBUSY') return fileError(message, mountPoint, error, `Run as root, or: ${unmountCommand(mountPoint)}`);
  const remedy = `See who uses it, and stop them: hugepages mount holders ${quote(mountPoint)}`;
  return new HugePagesError('ERR_HUGEPAGES_BUSY', message, { errno, syscall, details: { path: mountPoint }, remedy, cause: error });
}

function unmountCommand(mountPoint: string): string {
  return `${process.geteuid?.() === 0 ? '' : 'sudo '}umount ${quote(mountPoint)}`;
}
