/** Whether this process sees the machine, or what a container shows of it. */
import { accessSync, constants, existsSync } from 'node:fs';
import { HugePagesError } from '../errors.js';
import { inFirstUserNamespace } from './limits.js';
import { covers } from './mounts/covers.js';
import { parseMountinfo } from './mounts/mountinfo.js';
import type { MountEntry } from './mounts/mountinfo.js';
import { poolDirectory, poolPageSizes } from './pools/pools.js';
import { parseStatus, statusNumbers } from './process-status.js';
import { readLink, readText, underRoot } from './text.js';
import type { RootOptions } from './text.js';

/** PROC_PID_INIT_INO: the machine's first PID namespace has this number on every kernel. */
const INITIAL_PID_NAMESPACE = 'pid:[4026531836]';

/** What stands between this process and the machine. */
export interface ContainerState {
  /** `docker`, `podman`, `kubernetes`, `lxc`, or what systemd calls it; undefined where nothing says that this is a container. */
  readonly kind: string | undefined;
  /** Whether `/sys` is mounted read-only: the pools and THP are seen here and changed outside. */
  readonly readOnlySysfs: boolean;
  /**
   * Whether the machine's first process has other mounts: one made here is then not seen there, nor the other way round.
   * Undefined where that process is hidden, by a PID namespace or for lack of CAP_SYS_PTRACE.
   */
  readonly otherMountNamespace: boolean | undefined;
  /** Whether this process is in another user namespace than the machine's first: root is no root there, and group 0 another. */
  readonly otherUserNamespace: boolean;
  /**
   * Whether this process may change the size of every pool by sysfs; in a recorded tree, whether it was root's.
   * False where there is none.
   */
  readonly poolsWritable: boolean;
}

/**
 * Reads what shows a container, from `/proc`, `/run` and the mounts, and tries access(2) on the pools' files.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM` when procfs or sysfs cannot be read
 */
export function container(options: RootOptions = {}): ContainerState {
  const readOnlySysfs = isReadOnly('/sys/kernel/mm', parseMountinfo(readText('/proc/self/mountinfo', options) ?? ''));
  const sizes = poolPageSizes(options);
  const writable = (pageSize: number): boolean => mayWrite(`${poolDirectory(pageSize)}/nr_hugepages`, options);
  return {
    kind: containerKind(options),
    readOnlySysfs,
    otherMountNamespace: otherMountNamespace(options),
    otherUserNamespace: !inFirstUserNamespace(options),
    poolsWritable: !readOnlySysfs && sizes.length > 0 && sizes.every(writable),
  };
}

const MARKS: readonly (readonly [file: string, kind: string])[] = [
  ['/run/.containerenv', 'podman'],
  ['/.dockerenv', 'docker'],
];

/** What the path of a cgroup tells of who made it, unless a cgroup namespace hides it. Kubernetes first: it uses one of the others. */
const CGROUP_HINTS: readonly (readonly [hint: RegExp, kind: string])[] = [
  [/\/kubepods\b/, 'kubernetes'],
  [/\/libpod[-_]/, 'podman'],
  [/\/docker[-/]/, 'docker'],
  [/\/lxc[./]/, 'lxc'],
];

function containerKind(options: RootOptions): string | undefined {
  const byCgroup = cgroupHint(readText('/proc/self/cgroup', options) ?? '');
  const byMark = MARKS.find(([file]) => existsSync(underRoot(file, options)))?.[1];
  return byCgroup ?? byMark ?? readText('/run/systemd/container', options);
}

/** The kind of container that the text of `/proc/PID/cgroup` hints at. */
export function cgroupHint(text: string): string | undefined {
  return CGROUP_HINTS.find(([hint]) => hint.test(text))?.[1];
}

function isReadOnly(path: string, mounts: readonly MountEntry[]): boolean {
  const isCovered = covers(mounts);
  const [mount] = mounts
    .filter(({ mountPoint }) => mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`))
    .filter((entry) => !isCovered(entry))
    .sort((a, b) => b.mountPoint.length - a.mountPoint.length);
  return mount !== undefined && [...mount.options, ...mount.superOptions].includes('ro');
}

/** Whether this process is in the machine's first PID namespace, from which all others are seen. */
export function inFirstPidNamespace(options: RootOptions): boolean {
  return readLink('/proc/self/ns/pid', options) === INITIAL_PID_NAMESPACE;
}

function otherMountNamespace(options: RootOptions): boolean | undefined {
  if (!inFirstPidNamespace(options)) return undefined;
  const own = readLink('/proc/self/ns/mnt', options);
  const first = firstMountNamespace(options);
  return own === undefined || first === undefined ? undefined : own !== first;
}

function firstMountNamespace(options: RootOptions): string | undefined {
  try {
    return readLink('/proc/1/ns/mnt', options);
  } catch (error) {
    if (error instanceof HugePagesError && error.code === 'ERR_HUGEPAGES_PERMISSION') return undefined;
    throw error;
  }
}

function mayWrite(file: string, options: RootOptions): boolean {
  // The files of a recorded tree are anybody's; the kernel's are root's.
  if (options.root !== undefined) return statusNumbers(parseStatus(readText('/proc/self/status', options) ?? ''), 'Uid')[1] === 0;
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
