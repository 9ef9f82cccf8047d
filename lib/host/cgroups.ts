/** The cgroup of a process, and what it and those above it limit: hugetlb pages and memory, in hierarchies of version 1 and 2. */
import { checkOptions } from '../arguments.js';
import { GiB, KiB, MiB } from '../units.js';
import { findHierarchy, parseCgroups } from './cgroup-hierarchy.js';
import type { CgroupHierarchy } from './cgroup-hierarchy.js';
import { parseMountinfo } from './mounts/mountinfo.js';
import { poolPageSizes } from './pools/pools.js';
import { noProcess, processDirectory } from './process-status.js';
import { readText } from './text.js';
import type { RootOptions } from './text.js';

/** A cgroup that limits. Sizes are bytes, `Infinity` where there is no limit. */
export interface CgroupLevel {
  /** As `/proc/PID/cgroup` names it: `/user.slice/a.service`. */
  readonly path: string;
  /** Where its files are. */
  readonly directory: string;
  readonly limit: number;
  readonly usage: number;
}

/** A cgroup that limits hugetlb pages of one size. */
export interface HugetlbCgroupLevel extends CgroupLevel {
  /** Present pages: over it a touch is SIGBUS, and a populate EFAULT. */
  readonly limit: number;
  readonly usage: number;
  /** Reserved pages, touched or not: over it mmap(2) is ENOMEM. `Infinity` before Linux 5.7, which has no such limit. */
  readonly reservedLimit: number;
  /** Stays charged while pages are present. 0 before Linux 5.7. */
  readonly reservedUsage: number;
}

/** A cgroup that limits memory. */
export interface MemoryCgroupLevel extends CgroupLevel {
  /** What of `usage` is cache of files, which the kernel drops before it refuses anything. */
  readonly reclaimable: number;
}

/** The limits of one page size. */
export interface HugetlbCgroupLimits {
  /** Bytes. */
  readonly pageSize: number;
  readonly version: 1 | 2;
  /** Whether their files are mounted read-only here, as in most containers: they are changed outside. */
  readonly readOnly: boolean;
  /** The process's own cgroup first, then those above it, up to the root of what is visible. All have to have room. */
  readonly levels: readonly HugetlbCgroupLevel[];
}

/** What the cgroups of a process limit. */
export interface CgroupLimits {
  /** By page size, ascending. A size without levels is not listed. */
  readonly hugetlb: readonly HugetlbCgroupLimits[];
  readonly memory: {
    /** Of the hierarchy that has the memory controller; undefined where there is none. */
    readonly version: 1 | 2 | undefined;
    /** As of hugetlb. */
    readonly readOnly: boolean;
    readonly levels: readonly MemoryCgroupLevel[];
  };
  /** Whether hugetlb pages count as memory as well: the mount option `memory_hugetlb_accounting` of cgroup v2, from Linux 6.6 on. */
  readonly accountsHugetlb: boolean;
}

/** Options of {@link cgroupLimits}. */
export interface CgroupOptions extends RootOptions {
  /** Of which process. Default: this one. */
  readonly pid?: number;
}

/**
 * Reads what the cgroups of a process limit, up to the root of what is visible: inside a container that may be less than what applies.
 *
 * @throws TypeError, RangeError for wrong options; HugePagesError `ERR_HUGEPAGES_NO_PROCESS` when there is no such process,
 *   `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM` when procfs or the cgroup file system cannot be read
 */
export function cgroupLimits(options: CgroupOptions = {}): CgroupLimits {
  const { pid } = checkOptions(options, 'options', ['root', 'pid']);
  const root: RootOptions = options.root === undefined ? {} : { root: options.root };
  const cgroup = readText(`${processDirectory(pid)}/cgroup`, root);
  if (cgroup === undefined && options.pid !== undefined) throw noProcess(options.pid);
  const memberships = parseCgroups(cgroup ?? '');
  const mounts = parseMountinfo(readText('/proc/self/mountinfo', root) ?? '');
  const hugetlb = findHierarchy('hugetlb', memberships, mounts);
  const memory = findHierarchy('memory', memberships, mounts);
  return {
    hugetlb: hugetlb === undefined ? [] : poolPageSizes(root).flatMap((pageSize) => hugetlbLimits(hugetlb, pageSize, root)),
    memory: memory === undefined ? { version: undefined, readOnly: false, levels: [] } : memoryLimits(memory, root),
    accountsHugetlb: memory?.version === 2 && memory.mountOptions.includes('memory_hugetlb_accounting'),
  };
}

/** `2MB`, `1GB`, `64KB`: how the hugetlb controller names a page size. */
export function controllerPageSize(pageSize: number): string {
  if (pageSize >= GiB) return `${String(pageSize / GiB)}GB`;
  return pageSize >= MiB ? `${String(pageSize / MiB)}MB` : `${String(pageSize / KiB)}KB`;
}

const HUGETLB_FILES = {
  1: { limit: 'limit_in_bytes', usage: 'usage_in_bytes', reservedLimit: 'rsvd.limit_in_bytes', reservedUsage: 'rsvd.usage_in_bytes' },
  2: { limit: 'max', usage: 'current', reservedLimit: 'rsvd.max', reservedUsage: 'rsvd.current' },
} as const;

/** The file of a level's directory that holds one of its numbers: `hugetlb.2MB.rsvd.max`. */
export function hugetlbFile(version: 1 | 2, pageSize: number, name: keyof (typeof HUGETLB_FILES)[1]): string {
  return `hugetlb.${controllerPageSize(pageSize)}.${HUGETLB_FILES[version][name]}`;
}

const MEMORY_FILES = {
  1: { limit: 'memory.limit_in_bytes', usage: 'memory.usage_in_bytes' },
  2: { limit: 'memory.max', usage: 'memory.current' },
} as const;

function hugetlbLimits({ version, readOnly, levels }: CgroupHierarchy, pageSize: number, options: RootOptions): HugetlbCgroupLimits[] {
  const files = HUGETLB_FILES[version];
  const found = levels.flatMap(({ path, directory }) => {
    const bytes = (name: string): number | undefined => readBytes(`${directory}/hugetlb.${controllerPageSize(pageSize)}.${name}`, options);
    const limit = bytes(files.limit);
    // The root of version 2 has no such files, nor has a cgroup that was not given the controller: its pages are charged above it.
    if (limit === undefined) return [];
    const [usage = 0, reservedLimit = Infinity, reservedUsage = 0] = [files.usage, files.reservedLimit, files.reservedUsage].map(bytes);
    return { path, directory, limit, usage, reservedLimit, reservedUsage };
  });
  return found.length === 0 ? [] : [{ pageSize, version, readOnly, levels: found }];
}

function memoryLimits({ version, readOnly, levels }: CgroupHierarchy, options: RootOptions): CgroupLimits['memory'] {
  const files = MEMORY_FILES[version];
  const found = levels.flatMap(({ path, directory }) => {
    const limit = readBytes(`${directory}/${files.limit}`, options);
    if (limit === undefined) return [];
    const usage = readBytes(`${directory}/${files.usage}`, options) ?? 0;
    return { path, directory, limit, usage, reclaimable: parseReclaimable(readText(`${directory}/memory.stat`, options) ?? '') };
  });
  return { version, readOnly, levels: found };
}

/**
 * The cache of files in the text of `memory.stat`, of the cgroup and all below it. Shared memory is not in these lists.
 */
export function parseReclaimable(text: string): number {
  // Version 1 has the cgroup's own under the names that version 2 has for all of it, and all of it under `total_`.
  const prefix = /^total_inactive_file /m.test(text) ? 'total_' : '';
  const bytes = (name: string): number => Number(new RegExp(`^${prefix}${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  return bytes('inactive_file') + bytes('active_file');
}

// Version 2 writes `max` for no limit, version 1 a number close to 2^63.
function readBytes(file: string, options: RootOptions): number | undefined {
  const text = readText(file, options);
  return text === undefined ? undefined : parseLimit(text);
}

/** Bytes of the text of a limit or a usage. */
export function parseLimit(text: string): number {
  const bytes = /^\d+$/.test(text) ? Number(text) : Infinity;
  return Number.isSafeInteger(bytes) ? bytes : Infinity;
}
