/** The page sizes of this machine. They are fixed when it boots, so they are read once. */
import { parseDefaultPageSize, poolPageSizes } from '../host/pools/pools.js';
import { readText } from '../host/text.js';
import { thp } from '../host/thp.js';

let hugetlb: { sizes: readonly number[]; byDefault: number | undefined } | undefined;
let transparent: { size: number | undefined } | undefined;

/** Bytes per page of each hugetlb pool, smallest first, and the size of the kernel's default pool. */
export function hugetlbPageSizes(): { sizes: readonly number[]; byDefault: number | undefined } {
  return (hugetlb ??= { sizes: poolPageSizes(), byDefault: parseDefaultPageSize(readText('/proc/meminfo', {}) ?? '') });
}

/** Bytes per transparent huge page, undefined where the kernel has none. */
export function thpPageSize(): number | undefined {
  return (transparent ??= { size: thp().pmdSize }).size;
}
