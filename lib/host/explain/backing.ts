/** Why a kernel has no such pages at all. The page sizes of a machine are known before an allocation is tried. */
import { formatSize } from '../../units.js';
import type { Remedy } from '../remedy.js';
import type { Reason } from './types.js';

export const HUGETLB_REMEDY: Remedy = { sentence: 'Run a kernel built with CONFIG_HUGETLBFS, with /sys mounted', needsRoot: true };

export const NO_HUGETLB: Reason = {
  code: 'no-hugetlb',
  error: 'ERR_HUGEPAGES_UNSUPPORTED',
  step: 'map',
  message: 'This kernel has no hugetlb pools',
  details: {},
  remedy: HUGETLB_REMEDY,
};

export const NO_THP: Reason = {
  code: 'no-thp',
  error: 'ERR_HUGEPAGES_UNSUPPORTED',
  step: 'map',
  message: 'This kernel has no transparent huge pages',
  details: {},
  remedy: { sentence: 'Run a kernel built with CONFIG_TRANSPARENT_HUGEPAGE, with /sys mounted', needsRoot: true },
};

/** A mistake, for which no other backing makes up. */
export function noSuchPageSize(pageSize: number, available: readonly number[]): Reason {
  return {
    code: 'no-such-page-size',
    error: 'ERR_HUGEPAGES_PAGE_SIZE',
    step: 'map',
    message: `This machine has no hugetlb pool of ${formatSize(pageSize)} pages; it has: ${available.map(formatSize).join(', ')}`,
    details: { pageSize, available },
    remedy: { sentence: "Take one of those, or 'default', or 'largest'", needsRoot: false },
  };
}
