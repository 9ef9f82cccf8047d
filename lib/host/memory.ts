/** Memory outside of the pools: what base pages, transparent huge pages and the growth of a pool come from. */
import { KiB } from '../units.js';
import { procText } from './process-status.js';
import { readNumber, readText } from './text.js';
import type { RootOptions } from './text.js';

/** The machine's memory, and what bounds this process's mappings of it. Sizes are bytes. */
export interface MemoryState {
  /** All memory that the kernel manages: MemTotal. */
  readonly total: number;
  /** What can be had without swapping: MemAvailable. */
  readonly available: number;
  /** What nobody uses, not even as cache: MemFree. Pool pages are not in it. */
  readonly free: number;
  /** Swap space, and what of it is unused: SwapTotal, SwapFree. */
  readonly swapTotal: number;
  readonly swapFree: number;
  /** With `overcommitMode` 2, mmap(2) beyond this is ENOMEM: CommitLimit. hugetlb pages neither need it nor count. */
  readonly commitLimit: number;
  /** What has been promised so far: Committed_AS. */
  readonly committed: number;
  /** Kept from `commitLimit` for root, and for the user to clean up: `vm.admin_reserve_kbytes`, `vm.user_reserve_kbytes`. */
  readonly adminReserve: number;
  readonly userReserve: number;
  /** `vm.overcommit_memory`: 0 refuses what is obviously too much, 1 nothing, 2 what is over `commitLimit`. */
  readonly overcommitMode: 0 | 1 | 2;
  /** Mappings that a process may have: `vm.max_map_count`; `Infinity` where the kernel does not say. */
  readonly maxMapCount: number;
  /** Mappings that this process has. */
  readonly mapCount: number;
}

/**
 * Reads the state of memory, from `/proc/meminfo`, `/proc/self/maps` and `/proc/sys/vm`.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_UNSUPPORTED` where `/proc` is not mounted, `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM`
 *   when it cannot be read
 */
export function memoryState(options: RootOptions = {}): MemoryState {
  const meminfo = parseMeminfo(procText('/proc/meminfo', options));
  const bytes = (field: string): number => meminfo.get(field) ?? 0;
  const mode = readNumber('/proc/sys/vm/overcommit_memory', options);
  return {
    total: bytes('MemTotal'),
    available: bytes('MemAvailable'),
    free: bytes('MemFree'),
    swapTotal: bytes('SwapTotal'),
    swapFree: bytes('SwapFree'),
    commitLimit: bytes('CommitLimit'),
    committed: bytes('Committed_AS'),
    adminReserve: (readNumber('/proc/sys/vm/admin_reserve_kbytes', options) ?? 0) * KiB,
    userReserve: (readNumber('/proc/sys/vm/user_reserve_kbytes', options) ?? 0) * KiB,
    overcommitMode: mode === 1 || mode === 2 ? mode : 0,
    maxMapCount: readNumber('/proc/sys/vm/max_map_count', options) ?? Infinity,
    mapCount: parseMapCount(readText('/proc/self/maps', options) ?? ''),
  };
}

/** The fields in kB of the text of `/proc/meminfo`, in bytes. */
export function parseMeminfo(text: string): Map<string, number> {
  return new Map([...text.matchAll(/^(\S+):\s+(\d+) kB$/gm)].map(([, name = '', kib]) => [name, Number(kib) * KiB]));
}

/** The mappings in the text of `/proc/PID/maps` that count towards `vm.max_map_count`. */
export function parseMapCount(text: string): number {
  // vsyscall is shown in every process and a mapping of none.
  return text.split('\n').filter((line) => line !== '' && !line.endsWith('[vsyscall]')).length;
}
