/** The version of a kernel, where it decides and no file tells more. */
import { readText } from './text.js';
import type { RootOptions } from './text.js';

/** `6.18.1-generic` → 6.18 */
export interface KernelVersion {
  readonly major: number;
  readonly minor: number;
}

/** Undefined where `/proc/sys` does not say. */
export function kernelVersion(options: RootOptions): KernelVersion | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(readText('/proc/sys/kernel/osrelease', options) ?? '') ?? [];
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

/** Whether it has madvise(MADV_COLLAPSE), Linux 6.1, which makes huge pages of populated memory, and does not heed `never`. */
export function hasCollapse(version: KernelVersion | undefined): boolean {
  return isAtLeast(version, 6, 1);
}

/** Whether `/proc/sysvipc/shm` counts a hugetlb page once for each of its base pages, and each time as the whole: since Linux 6.7. */
export function countsSegmentsInBasePages(version: KernelVersion | undefined): boolean {
  return isAtLeast(version, 6, 7);
}

/** Whether madvise(MADV_DONTNEED) on a private mapping of hugetlb pages keeps their reservation: since Linux 6.9. */
export function keepsReservations(version: KernelVersion | undefined): boolean {
  return isAtLeast(version, 6, 9);
}

function isAtLeast(version: KernelVersion | undefined, major: number, minor: number): boolean {
  if (version === undefined) return true;
  return version.major > major || (version.major === major && version.minor >= minor);
}
