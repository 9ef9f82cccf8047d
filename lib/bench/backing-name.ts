/** Kinds of pages in words. */
import { formatSize } from '../units.js';
import type { BenchBacking } from './types.js';

/** `4KiB`, `THP 2MiB`, `hugetlb 1GiB`: what figures and notes call a kind. */
export function backingName({ kind, pageSize }: BenchBacking): string {
  const size = formatSize(pageSize);
  return kind === 'base' ? size : `${kind === 'thp' ? 'THP' : kind} ${size}`;
}
