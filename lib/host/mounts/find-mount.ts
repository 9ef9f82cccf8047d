/** Choosing a mount to make files in. */
import { accessSync, constants } from 'node:fs';
import { checkBoolean, checkOptions } from '../../arguments.js';
import { HugePagesError } from '../../errors.js';
import { formatSize, parseSize } from '../../units.js';
import type { Size } from '../../units.js';
import { forgetfulLast } from './forgetful.js';
import { mounts } from './mounts.js';
import type { HugetlbfsMount } from './mounts.js';
import { defaultPool, parseMountOptions } from './options.js';
import { mountCommand } from './request.js';
import { existingPool } from '../pools/pool-state.js';
import { usageOf } from './usage.js';

/** What a mount has to be good for. */
export interface FindMountOptions {
  /** That this user may make files in it, and not only look at those that are there. Default true. */
  readonly writable?: boolean;
  /** With `writable`: bytes that have to be free of its own limit. Default: one page. The pool may have less. */
  readonly size?: Size;
}

/**
 * The first hugetlbfs mount, in the kernel's order, that has a page size, that a path leads to, and that this user may use. One with both
 * `size` and `min_size` only where there is no other: when the pool refuses a mapping, Linux 6.18 forgets what such a mount keeps.
 *
 * @param pageSize - of its files. Default: that of the machine's default pool
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, RangeError `ERR_OUT_OF_RANGE` for wrong arguments
 * @throws HugePagesError `ERR_HUGEPAGES_NO_MOUNT` when there is none: `remedy` says how to mount one, and `details.mounts` what rules
 *   out those that there are; `ERR_HUGEPAGES_PAGE_SIZE` when the machine has no such pool; otherwise as `mounts()`
 */
export function findMount(pageSize?: Size, options: FindMountOptions = {}): HugetlbfsMount {
  const given = checkOptions(options, 'options', ['writable', 'size']);
  const writable = checkBoolean(given.writable, 'options.writable', true);
  const size = given.size === undefined ? 1 : parseSize(given.size, 'options.size');
  const pool = pageSize === undefined ? defaultPool() : existingPool(parseSize(pageSize, 'pageSize'), {});
  const ruledOut: { mountPoint: string; reason: string }[] = [];
  for (const mount of forgetfulLast(mounts())) {
    const reason = obstacle(mount, pool.pageSize, writable, size);
    if (reason === undefined) return mount;
    ruledOut.push({ mountPoint: mount.mountPoint, reason });
  }
  throw noMount(pool.pageSize, purpose(writable, given.size === undefined ? undefined : size), ruledOut);
}

function obstacle(mount: HugetlbfsMount, pageSize: number, writable: boolean, size: number): string | undefined {
  if (mount.pageSize !== pageSize) return `has pages of ${mount.pageSize === undefined ? 'an unknown size' : formatSize(mount.pageSize)}`;
  if (mount.hidden) return 'is hidden by another mount';
  if (mount.root.endsWith('//deleted')) return 'shows a directory that was removed';
  if (writable && mount.options.includes('ro')) return 'is mounted read-only';
  if (!mayUse(mount.mountPoint, writable)) return `may not be ${writable ? 'written' : 'read'} by this user`;
  if (!writable) return undefined;
  const { pages, inodes } = usageOf(mount);
  if (inodes?.free === 0) return `has all its ${String(inodes.total)} inodes in use`;
  const needed = Math.ceil(size / pageSize);
  if (pages?.free !== undefined && pages.free < needed) return `has ${String(pages.free)} of its ${String(pages.total)} pages free`;
  return undefined;
}

function mayUse(mountPoint: string, writable: boolean): boolean {
  try {
    accessSync(mountPoint, constants.X_OK | constants.R_OK | (writable ? constants.W_OK : 0));
    return true;
  } catch {
    return false;
  }
}

function purpose(writable: boolean, size: number | undefined): string {
  if (!writable) return 'that this user may read';
  return size === undefined ? 'that this user may write' : `with room for ${formatSize(size)} that this user may write`;
}

function noMount(pageSize: number, purpose: string, ruledOut: readonly { mountPoint: string; reason: string }[]): HugePagesError {
  const uid = process.geteuid?.() ?? 0;
  const owner = uid === 0 ? {} : { uid, gid: process.getegid?.() ?? 0 };
  const path = freePath(`/mnt/hugepages-${formatSize(pageSize)}`, new Set(ruledOut.map(({ mountPoint }) => mountPoint)));
  const command = mountCommand(parseMountOptions({ path, pageSize, ...owner }));
  const others = ruledOut.map(({ mountPoint, reason }) => `${mountPoint} ${reason}`);
  const message = `No hugetlbfs mount of ${formatSize(pageSize)} pages ${purpose}`;
  return new HugePagesError('ERR_HUGEPAGES_NO_MOUNT', others.length === 0 ? message : `${message}: ${others.join('; ')}`, {
    details: { pageSize, mounts: ruledOut, command },
    remedy: `Mount one: ${command}`,
  });
}

/** Where nothing is mounted that a new mount would hide. */
function freePath(path: string, taken: ReadonlySet<string>): string {
  const candidates = [path, ...Array.from(taken, (_, index) => `${path}-${String(index + 2)}`)];
  return candidates.find((candidate) => !taken.has(candidate)) ?? path;
}
