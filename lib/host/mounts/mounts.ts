/** The hugetlbfs mounts that this process sees. */
import { parseSize } from '../../units.js';
import { readText } from '../text.js';
import type { RootOptions } from '../text.js';
import { parseMountinfo } from './mountinfo.js';

/** One hugetlbfs mount; see `man 5 proc_pid_mountinfo`. Sizes are bytes. */
export interface HugetlbfsMount {
  readonly mountPoint: string;
  /** Undefined before Linux 4.14, which does not say. */
  readonly pageSize: number | undefined;
  /** The most that files in it may hold. Undefined: no limit of its own. */
  readonly size: number | undefined;
  /** What is reserved for it in the pool from the start. */
  readonly minSize: number | undefined;
  /** The most files it may have. Undefined: no limit. */
  readonly nrInodes: number | undefined;
  /** All options, of the mount and of the file system: `rw`, `relatime`, `pagesize=2M`. */
  readonly options: readonly string[];
}

/**
 * The hugetlbfs mounts in this process's mount namespace, in the kernel's order.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM` when procfs cannot be read
 */
export function mounts(options: RootOptions = {}): HugetlbfsMount[] {
  return parseMounts(readText('/proc/self/mountinfo', options) ?? '');
}

/** The hugetlbfs mounts in the text of a `mountinfo` file. */
export function parseMounts(mountinfo: string): HugetlbfsMount[] {
  return parseMountinfo(mountinfo).flatMap(({ type, mountPoint, ...mount }) => {
    if (type !== 'hugetlbfs') return [];
    const names = [...new Set([...mount.options, ...mount.superOptions])];
    return [{ mountPoint, ...limitsOf(names), options: names }];
  });
}

function limitsOf(names: readonly string[]): Omit<HugetlbfsMount, 'mountPoint' | 'options'> {
  const values = new Map(names.map((name) => [name.split('=', 1)[0], name.split('=')[1]]));
  const bytes = (name: string): number | undefined => {
    const value = values.get(name);
    return value === undefined ? undefined : parseSize(value, name, 0);
  };
  const nrInodes = values.get('nr_inodes');
  return {
    pageSize: bytes('pagesize'),
    size: bytes('size'),
    minSize: bytes('min_size'),
    nrInodes: nrInodes === undefined ? undefined : Number(nrInodes),
  };
}
