/** Unmounting hugetlbfs. */
import { checkBoolean, checkOptions } from '../../arguments.js';
import { errnoName } from '../../errors.js';
import type { HugePagesError } from '../../errors.js';
import { native } from '../../native.js';
import { sudo } from '../remedy.js';
import { fileError } from '../text.js';
import { busy } from './busy.js';
import { existingMount } from './existing-mount.js';
import { holdersOf } from './holders.js';
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
  const request = parse(path, options);
  try {
    return run(request);
  } catch (error) {
    throw isBusy(error) ? busy(request.mount, error) : failure(request, error);
  }
}

/** {@link unmountSync} that, when it is in use, says by whom: `details.processes` is what `mountHolders()` finds. */
export async function unmount(path: string, options: UnmountOptions = {}): Promise<UnmountResult> {
  const request = parse(path, options);
  try {
    return run(request);
  } catch (error) {
    throw isBusy(error) ? busy(request.mount, error, await holdersOf(request.mount.device)) : failure(request, error);
  }
}

interface Request {
  readonly mount: HugetlbfsMount;
  readonly dryRun: boolean;
  readonly command: string;
}

function parse(path: unknown, options: unknown): Request {
  const mountPoint = parsePath(path, 'path');
  const dryRun = checkBoolean(checkOptions(options, 'options', ['dryRun']).dryRun, 'options.dryRun', false);
  const mount = existingMount(mountPoint);
  return { mount, dryRun, command: `${sudo()}umount ${quote(mount.mountPoint)}` };
}

function run({ mount, dryRun, command }: Request): UnmountResult {
  if (!dryRun) native.unmount(mount.mountPoint);
  return { mount, unmounted: !dryRun, command };
}

function isBusy(error: unknown): error is NodeJS.ErrnoException {
  const { errno } = error as NodeJS.ErrnoException;
  return errno !== undefined && errnoName(errno) === 'EBUSY';
}

function failure({ mount: { mountPoint }, command }: Request, error: unknown): HugePagesError {
  const { errno = 0 } = error as NodeJS.ErrnoException;
  const remedy = errnoName(errno) === 'EPERM' ? `Unmounting needs CAP_SYS_ADMIN: ${command}` : undefined;
  return fileError(`Could not unmount ${mountPoint}`, mountPoint, error, remedy);
}
