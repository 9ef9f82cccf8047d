/** What the kernel did to make huge pages: counters since boot. */
import { readText } from './text.js';
import type { RootOptions } from './text.js';

/** Counters by the kernel's names; those that it does not have are missing. */
export type VmstatCounters = Readonly<Record<string, number>>;

/**
 * The counters of `/proc/vmstat` that have to do with huge pages: `htlb_*` (hugetlb pages from the buddy allocator), `thp_*`
 * (transparent huge pages) and `compact_*` (compaction). They count events since boot, over all nodes.
 *
 * @returns an empty object where procfs is not mounted
 * @throws HugePagesError `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM` when procfs cannot be read
 */
export function vmstat(options: RootOptions = {}): VmstatCounters {
  return parseVmstat(readText('/proc/vmstat', options) ?? '');
}

/** {@link vmstat} of the text of the file. */
export function parseVmstat(text: string): VmstatCounters {
  const lines = text.matchAll(/^((?:htlb|thp|compact)_\w+) (\d+)$/gm);
  return Object.fromEntries(Array.from(lines, ([, name = '', value]) => [name, Number(value)]));
}
