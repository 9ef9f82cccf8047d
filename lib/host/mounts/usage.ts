/** How full a mount is. */
import { statfsSync } from 'node:fs';
import type { BigIntStatsFs } from 'node:fs';
import { fileError } from '../text.js';
import { existingMount } from './existing-mount.js';
import type { HugetlbfsMount } from './mounts.js';
import { parsePath } from './options.js';

/** What is used up of a limit. */
export interface Quota {
  readonly total: number;
  /** Undefined where the kernel does not say: of a mount with `nr_inodes` and without `size` and `min_size`. */
  readonly free: number | undefined;
  readonly used: number | undefined;
}

/** How full a hugetlbfs mount is; what has no limit of its own is undefined. */
export interface MountUsage {
  readonly mount: HugetlbfsMount;
  /** Bytes. */
  readonly pageSize: number;
  /** In pages. Those that a mapping has reserved are used, touched or not. */
  readonly pages: Quota | undefined;
  /** Files and directories, with the root. */
  readonly inodes: Quota | undefined;
}

/**
 * How full a hugetlbfs mount is, by statfs(2).
 *
 * @param path - the mount point
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` for what is no path
 * @throws HugePagesError `ERR_HUGEPAGES_NO_MOUNT` when no hugetlbfs is mounted there, `ERR_HUGEPAGES_PERMISSION`,
 *   `ERR_HUGEPAGES_SYSTEM` when it cannot be asked
 */
export function mountUsage(path: string): MountUsage {
  return usageOf(existingMount(parsePath(path, 'path')));
}

export function usageOf(mount: HugetlbfsMount): MountUsage {
  const { mountPoint, size, minSize, nrInodes } = mount;
  // As bigints: what is unlimited is 2^64 - 1.
  const { bsize, blocks, bfree, files, ffree } = statfs(mountPoint);
  const counted = size !== undefined || minSize !== undefined;
  return {
    mount,
    pageSize: Number(bsize),
    pages: size === undefined ? undefined : quota(blocks, bfree),
    inodes: nrInodes === undefined ? undefined : counted ? quota(files, ffree) : { total: nrInodes, free: undefined, used: undefined },
  };
}

function statfs(mountPoint: string): BigIntStatsFs {
  try {
    return statfsSync(mountPoint, { bigint: true });
  } catch (error) {
    throw fileError(`Could not ask how full ${mountPoint} is`, mountPoint, error);
  }
}

function quota(total: bigint, free: bigint): Quota {
  return { total: Number(total), free: Number(free), used: Number(total - free) };
}
