/** What the kernel allows this process, as far as huge pages are concerned. */
import { parseCpuList } from './cpu-list.js';
import { parseResourceLimit, parseStatus, parseThpEnabled, procText, statusBytes, statusNumbers } from './process-status.js';
import type { ResourceLimit } from './process-status.js';
import { readLink, readNumber } from './text.js';
import type { RootOptions } from './text.js';

/** Bit numbers of `capabilities(7)`. */
const CAP_IPC_LOCK = 14n;
const CAP_SYS_ADMIN = 21n;
const CAP_SYS_RESOURCE = 24n;

/** PROC_USER_INIT_INO: the machine's first user namespace has this number on every kernel. */
const INITIAL_USER_NAMESPACE = 'user:[4026531837]';

/** What one process is allowed. Sizes are bytes. */
export interface ProcessLimits {
  /** RLIMIT_MEMLOCK: what mlock(2) may lock without CAP_IPC_LOCK. hugetlb pages need no lock. */
  readonly memlock: ResourceLimit;
  /** RLIMIT_AS: all that may be mapped, hugetlb and untouched ranges included. mmap(2) beyond it is ENOMEM. */
  readonly addressSpace: ResourceLimit;
  /** RLIMIT_DATA: private writable mappings together, hugetlb included. mmap(2) beyond it is ENOMEM. */
  readonly data: ResourceLimit;
  /** Counts towards `memlock`: VmLck. */
  readonly lockedBytes: number;
  /** Counts towards `addressSpace`: VmSize. */
  readonly mappedBytes: number;
  /** Counts towards `data`: VmData. */
  readonly dataBytes: number;
  /** The effective user. */
  readonly uid: number;
  /** The group that file access goes by, and the supplementary ones; each once. */
  readonly groups: readonly number[];
  /** Effective capabilities. All false in a user namespace other than the machine's first: the kernel does not count them there. */
  readonly capabilities: {
    /** Locks without limit, and makes SHM_HUGETLB segments. */
    readonly ipcLock: boolean;
    /** Sees page frame numbers. */
    readonly sysAdmin: boolean;
    /** Raises hard resource limits. */
    readonly sysResource: boolean;
  };
  /** CPUs it may run on. */
  readonly allowedCpus: readonly number[];
  /** NUMA nodes it may take memory from: its cpuset's. */
  readonly allowedMems: readonly number[];
  /** False when `prctl(PR_SET_THP_DISABLE)` took transparent huge pages from it, also those asked for. Undefined before Linux 5.0. */
  readonly thpEnabled: boolean | undefined;
  /** The group that may make SHM_HUGETLB segments without CAP_IPC_LOCK: `vm.hugetlb_shm_group`. */
  readonly hugetlbShmGroup: number | undefined;
  /** Whether shmget(SHM_HUGETLB) passes, by CAP_IPC_LOCK or as a member of `hugetlbShmGroup`; otherwise it is EPERM. */
  readonly mayMakeHugetlbShm: boolean;
  /** Bytes of the largest SysV segment: `kernel.shmmax`; `Infinity` where it is more than 2^53. */
  readonly shmmax: number | undefined;
  /** Base pages of all SysV segments together: `kernel.shmall`; `Infinity` where it is more than 2^53. */
  readonly shmall: number | undefined;
}

/**
 * Reads what this process is allowed, from `/proc/self` and `/proc/sys`.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_UNSUPPORTED` where `/proc` is not mounted, `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM`
 *   when it cannot be read
 */
export function limits(options: RootOptions = {}): ProcessLimits {
  const resources = procText('/proc/self/limits', options);
  const status = parseStatus(procText('/proc/self/status', options));
  const userNamespace = readLink('/proc/self/ns/user', options);
  const capabilities = parseCapabilities(status, userNamespace);
  const groups = parseGroups(status);
  const hugetlbShmGroup = readNumber('/proc/sys/vm/hugetlb_shm_group', options);
  return {
    memlock: parseResourceLimit(resources, 'Max locked memory'),
    addressSpace: parseResourceLimit(resources, 'Max address space'),
    data: parseResourceLimit(resources, 'Max data size'),
    lockedBytes: statusBytes(status, 'VmLck'),
    mappedBytes: statusBytes(status, 'VmSize'),
    dataBytes: statusBytes(status, 'VmData'),
    uid: statusNumbers(status, 'Uid')[1] ?? 0,
    groups,
    capabilities,
    allowedCpus: parseCpuList(status.get('Cpus_allowed_list') ?? ''),
    allowedMems: parseCpuList(status.get('Mems_allowed_list') ?? ''),
    thpEnabled: parseThpEnabled(status),
    hugetlbShmGroup,
    // The sysctl means the group of that number in the first namespace; elsewhere the numbers are others'.
    mayMakeHugetlbShm: capabilities.ipcLock || (isFirst(userNamespace) && groups.some((group) => group === hugetlbShmGroup)),
    shmmax: readLimit('/proc/sys/kernel/shmmax', options),
    shmall: readLimit('/proc/sys/kernel/shmall', options),
  };
}

/**
 * The capabilities that matter here, of a process in the given user namespace.
 *
 * @param userNamespace - what `/proc/PID/ns/user` links to; undefined on a kernel without user namespaces
 */
export function parseCapabilities(status: ReadonlyMap<string, string>, userNamespace: string | undefined): ProcessLimits['capabilities'] {
  const [mask = '0'] = /^[0-9a-f]+$/i.exec(status.get('CapEff') ?? '') ?? [];
  const has = (bit: bigint): boolean => isFirst(userNamespace) && (BigInt(`0x${mask}`) & (1n << bit)) !== 0n;
  return { ipcLock: has(CAP_IPC_LOCK), sysAdmin: has(CAP_SYS_ADMIN), sysResource: has(CAP_SYS_RESOURCE) };
}

/** Whether this process is in the machine's first user namespace: elsewhere its capabilities do not count, and group numbers are others. */
export function inFirstUserNamespace(options: RootOptions): boolean {
  return isFirst(readLink('/proc/self/ns/user', options));
}

function isFirst(userNamespace: string | undefined): boolean {
  return userNamespace === undefined || userNamespace === INITIAL_USER_NAMESPACE;
}

// Membership goes by the file system group, the fourth of the line, which setfsgid(2) alone sets apart from the effective one.
function parseGroups(status: ReadonlyMap<string, string>): number[] {
  return [...new Set([...statusNumbers(status, 'Gid').slice(3, 4), ...statusNumbers(status, 'Groups')])];
}

/** The kernel's way to say that there is no limit is a number close to 2^64. */
function readLimit(path: string, options: RootOptions): number | undefined {
  const value = readNumber(path, options);
  return value === undefined || Number.isSafeInteger(value) ? value : Infinity;
}
