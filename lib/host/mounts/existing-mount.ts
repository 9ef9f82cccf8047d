/** A mount that has to be there. */
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { HugePagesError } from '../../errors.js';
import { mounts } from './mounts.js';
import type { HugetlbfsMount } from './mounts.js';

/** The hugetlbfs mount that a path leads to, when it is its mount point. */
export function mountedAt(path: string): HugetlbfsMount | undefined {
  const resolved = resolveParent(path);
  return mounts().find(({ mountPoint, hidden }) => mountPoint === resolved && !hidden);
}

/** @throws HugePagesError `ERR_HUGEPAGES_NO_MOUNT` when no hugetlbfs is mounted there */
export function existingMount(path: string): HugetlbfsMount {
  const found = mountedAt(path);
  if (found !== undefined) return found;
  throw new HugePagesError('ERR_HUGEPAGES_NO_MOUNT', `No hugetlbfs is mounted on ${path}`, {
    details: { path },
    remedy: 'See which there are: hugepages mount list',
  });
}

/** The path as mountinfo has it, except that its last name may be a symbolic link. */
function resolveParent(path: string): string {
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return path; // nothing is there, or nothing that this user may see
  }
}
