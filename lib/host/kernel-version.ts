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
  const { major, minor } = version ?? { major: Infinity, minor: 0 };
  return major > 6 || (major === 6 && minor >= 1);
}
