/** The hugetlbfs mounts of a mount namespace. */
import { checkOptions } from '../../arguments.js';
import { KiB } from '../../units.js';
import { noProcess, processDirectory } from '../process-status.js';
import { readText } from '../text.js';
import type { RootOptions } from '../text.js';
import { covers } from './covers.js';
import { parseMountinfo } from './mountinfo.js';

/** One hugetlbfs mount; see `man 5 proc_pid_mountinfo`. Sizes are bytes. */
export interface HugetlbfsMount {
  /** Of the mount, as long as it lasts: `mountinfo`'s first field. */
  readonly id: number;
  /** `major:minor` of the file system. Bind mounts, and mounts in other namespaces, that show the same files have the same. */
  readonly device: string;
  /** Directory of the file system that is mounted: `/`, except for bind mounts. */
  readonly root: string;
  readonly mountPoint: string;
  /** What was named as the device; it means nothing. */
  readonly source: string;
  /** Undefined before Linux 4.14, which does not say. */
  readonly pageSize: number | undefined;
  /** The most that files in it may hold. Undefined: no limit of its own. */
  readonly size: number | undefined;
  /** What is reserved for it in the pool from the start. */
  readonly minSize: number | undefined;
  /** The most files and directories it may have, with its root. Undefined: no limit. */
  readonly nrInodes: number | undefined;
  /** Owner, group and mode that its root was mounted with. */
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  /** No path leads to it: another mount lies on the same directory, or on one above. */
  readonly hidden: boolean;
  /** All options, of the mount and of the file system: `rw`, `relatime`, `pagesize=2M`. */
  readonly options: readonly string[];
}

/** Whose mounts {@link mounts} lists. */
export interface MountsOptions extends RootOptions {
  /** A process, in whose mount namespace and below whose root directory. Default: this one. */
  readonly pid?: number;
}

/**
 * The hugetlbfs mounts in a process's mount namespace, in the kernel's order.
 *
 * @returns an empty list also where procfs is not mounted
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, RangeError `ERR_OUT_OF_RANGE` for wrong arguments
 * @throws HugePagesError `ERR_HUGEPAGES_NO_PROCESS` when there is no such process, `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM` when
 *   procfs cannot be read
 */
export function mounts(options: MountsOptions = {}): HugetlbfsMount[] {
  const { pid, ...root } = checkOptions(options, 'options', ['root', 'pid']);
  const mountinfo = readText(`${processDirectory(pid)}/mountinfo`, root as RootOptions);
  if (mountinfo === undefined && options.pid !== undefined) throw noProcess(options.pid);
  return parseMounts(mountinfo ?? '');
}

/** The hugetlbfs mounts in the text of a `mountinfo` file. */
export function parseMounts(mountinfo: string): HugetlbfsMount[] {
  const entries = parseMountinfo(mountinfo);
  const isCovered = covers(entries);
  return entries.flatMap((entry) => {
    if (entry.type !== 'hugetlbfs') return [];
    const { id, device, root, mountPoint, source } = entry;
    const options = [...new Set([...entry.options, ...entry.superOptions])];
    return [{ id, device, root, mountPoint, source, ...parseValues(options), hidden: isCovered(entry), options }];
  });
}

type Values = Pick<HugetlbfsMount, 'pageSize' | 'size' | 'minSize' | 'nrInodes' | 'uid' | 'gid' | 'mode'>;

// The kernel leaves out what is the default.
function parseValues(options: readonly string[]): Values {
  const values = new Map(options.map((option) => option.split('=', 2) as [string, string | undefined]));
  const number = (name: string): number | undefined => parseNumber(values.get(name));
  return {
    pageSize: number('pagesize'),
    size: number('size'),
    minSize: number('min_size'),
    nrInodes: number('nr_inodes'),
    uid: number('uid') ?? 0,
    gid: number('gid') ?? 0,
    mode: parseInt(values.get('mode') ?? '755', 8),
  };
}

/** `1024M` → 2^30. */
function parseNumber(text: string | undefined): number | undefined {
  const [, digits, unit = ''] = /^(\d+)([KMG]?)$/.exec(text ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits) * KiB ** ['', 'K', 'M', 'G'].indexOf(unit);
}
