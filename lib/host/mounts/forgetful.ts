/**
 * Mounts whose reservation Linux loses: when the pool refuses a mapping, hugetlb_reserve_pages() gives back what the mapping took of
 * `min_size`, and hugepage_subpool_put_pages() still counts the refused pages as used of `size`: they are nobody's then (6.18). The unmount
 * takes them from the pool's reservations once more.
 */
import type { HugetlbfsMount } from './mounts.js';

export function isForgetful({ size, minSize = 0 }: Pick<HugetlbfsMount, 'size' | 'minSize'>): boolean {
  return size !== undefined && minSize > 0;
}

/** The same mounts, those last. */
export function forgetfulLast(mounts: readonly HugetlbfsMount[]): HugetlbfsMount[] {
  return [...mounts].sort((one, other) => Number(isForgetful(one)) - Number(isForgetful(other)));
}
