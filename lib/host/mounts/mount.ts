/** Mounting hugetlbfs. */
import { HugePagesError, errnoName } from '../../errors.js';
import { native } from '../../native.js';
import { counted, formatSize } from '../../units.js';
import { memoryState } from '../memory.js';
import { growRemedy } from '../pools/grow-remedy.js';
import { sudo } from '../remedy.js';
import { fileError } from '../text.js';
import { mountedAt } from './existing-mount.js';
import { checkMountPoint, makeDirectories, removeDirectories, withMountPoint } from './mount-point.js';
import type { HugetlbfsMount } from './mounts.js';
import { parseMountOptions } from './options.js';
import type { MountOptions, MountRequest } from './options.js';
import { describeDifference, differences, kernelOptions, mountCommand, quote } from './request.js';

/** What became of a mount that was asked for. */
export interface MountResult {
  /** As the kernel lists it. Undefined after a dry run that found none. */
  readonly mount: HugetlbfsMount | undefined;
  /** Whether this call mounted it. */
  readonly mounted: boolean;
  /** Directories that this call made, outermost first. */
  readonly createdDirectories: readonly string[];
  /** What does the same when pasted into a shell. */
  readonly command: string;
}

/**
 * Mounts hugetlbfs with mount(2), `nosuid` and `nodev`. A directory that this made is removed again when the mount fails.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, RangeError `ERR_OUT_OF_RANGE` for wrong arguments, among them
 *   sizes that are not whole pages and a `minSize` above `size`
 * @throws HugePagesError `ERR_HUGEPAGES_PAGE_SIZE` when the machine has no such pool; `ERR_HUGEPAGES_MOUNT_POINT` when the path is a
 *   symbolic link, no directory, or not empty; `ERR_HUGEPAGES_MOUNTED` when hugetlbfs is mounted there already;
 *   `ERR_HUGEPAGES_NO_MEMORY` when the pool cannot reserve `minSize`, or `size` is a percentage of no page;
 *   `ERR_HUGEPAGES_PERMISSION` without CAP_SYS_ADMIN; `ERR_HUGEPAGES_BUSY` while another process mounts there;
 *   `ERR_HUGEPAGES_SYSTEM` otherwise
 */
export function mount(options: MountOptions): MountResult {
  const request = parseMountOptions(options);
  return mountUnlessMounted(request, (existing) => {
    throw mountedAlready(existing, 'hugetlbfs is mounted there already', { mount: existing });
  });
}

/**
 * Has hugetlbfs mounted: mounts it as {@link mount} does, or finds it mounted. What is there has to have the page size and the other
 * options that were given; those left out may be anything. A percentage is compared with the pool as it is now.
 *
 * @throws as {@link mount}; HugePagesError `ERR_HUGEPAGES_MOUNTED` only when an option differs: `details.differences` says which
 */
export function ensureMount(options: MountOptions): MountResult {
  const request = parseMountOptions(options);
  return mountUnlessMounted(request, (existing) => {
    const found = differences(request, existing);
    if (found.length === 0) return;
    const what = `hugetlbfs is mounted there with other options: ${found.map(describeDifference).join(', ')}`;
    throw mountedAlready(existing, what, { mount: existing, differences: found });
  });
}

function mountUnlessMounted(request: MountRequest, check: (existing: HugetlbfsMount) => void): MountResult {
  const command = mountCommand(request);
  const found = (): MountResult | undefined => {
    const existing = mountedAt(request.path);
    if (existing === undefined) return undefined;
    check(existing);
    return { mount: existing, mounted: false, createdDirectories: [], command };
  };
  const already = found();
  if (already !== undefined) return already;
  checkMountPoint(request.path);
  if (request.dryRun) return { mount: undefined, mounted: false, createdDirectories: [], command };
  const createdDirectories = makeDirectories(request.path, command);
  try {
    return withMountPoint(request.path, (target) => {
      const meanwhile = found();
      if (meanwhile !== undefined) return { ...meanwhile, createdDirectories };
      mountNow(request, target);
      return { mount: mountedAt(request.path), mounted: true, createdDirectories, command };
    });
  } catch (error) {
    removeDirectories(createdDirectories);
    throw error;
  }
}

function mountNow(request: MountRequest, target: string): void {
  try {
    native.mount(target, kernelOptions(request));
  } catch (error) {
    throw mountFailure(request, error as NodeJS.ErrnoException);
  }
}

function mountFailure(request: MountRequest, error: NodeJS.ErrnoException): HugePagesError {
  const { path, pool, minSize } = request;
  const { errno = 0, syscall } = error;
  const message = `Could not mount hugetlbfs of ${formatSize(pool.pageSize)} pages on ${path}`;
  const name = errnoName(errno);
  if (name === 'ENOMEM' && minSize !== undefined) {
    const { sentence, command } = growRemedy(pool, minSize.pages, memoryState().available);
    const details = { path, pool, neededPages: minSize.pages, command };
    const what = `${message} with ${counted(minSize.pages, 'page')} reserved`;
    return new HugePagesError('ERR_HUGEPAGES_NO_MEMORY', what, { errno, syscall, details, remedy: sentence, cause: error });
  }
  const remedies: Record<string, string> = {
    EPERM: `Mounting needs CAP_SYS_ADMIN: ${mountCommand(request)}`,
    ENODEV: 'This kernel has no hugetlbfs: run one built with CONFIG_HUGETLBFS',
  };
  return fileError(message, path, error, remedies[name]);
}

function mountedAlready({ mountPoint }: HugetlbfsMount, what: string, details: Record<string, unknown>): HugePagesError {
  return new HugePagesError('ERR_HUGEPAGES_MOUNTED', `${mountPoint}: ${what}`, {
    details: { path: mountPoint, ...details },
    remedy: `Take it as it is, or unmount it first: ${sudo()}umount ${quote(mountPoint)}`,
  });
}
