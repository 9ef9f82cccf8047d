/** What the kernel allows this process, as far as huge pages are concerned. */
import { HugePagesError } from '../errors.js';
import { parseCpuList } from './cpu-list.js';
import { readNumber, readText } from './text.js';
import type { RootOptions } from './text.js';

/** Bit numbers of `capabilities(7)`. */
const CAP_IPC_LOCK = 14n;
const CAP_SYS_ADMIN = 21n;

/** What one process is allowed. */
export interface ProcessLimits {
  /** RLIMIT_MEMLOCK in bytes, `Infinity` for unlimited: what mlock(2) may lock without CAP_IPC_LOCK. */
  readonly memlock: { readonly soft: number; readonly hard: number };
  /** Effective capabilities. */
  readonly capabilities: {
    /** Locks without limit, and makes SHM_HUGETLB segments. */
    readonly ipcLock: boolean;
    /** Sees page frame numbers. */
    readonly sysAdmin: boolean;
  };
  /** CPUs it may run on. */
  readonly allowedCpus: readonly number[];
  /** NUMA nodes it may take memory from. */
  readonly allowedMems: readonly number[];
  /** False when `prctl(PR_SET_THP_DISABLE)` took transparent huge pages from it. Undefined before Linux 5.0. */
  readonly thpEnabled: boolean | undefined;
  /** The group that may make SHM_HUGETLB segments without CAP_IPC_LOCK: `vm.hugetlb_shm_group`. */
  readonly hugetlbShmGroup: number | undefined;
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
  return {
    memlock: parseMemlock(ownText('limits', options)),
    ...parseStatus(ownText('status', options)),
    hugetlbShmGroup: readNumber('/proc/sys/vm/hugetlb_shm_group', options),
    shmmax: readLimit('/proc/sys/kernel/shmmax', options),
    shmall: readLimit('/proc/sys/kernel/shmall', options),
  };
}

/** RLIMIT_MEMLOCK of the text of `/proc/PID/limits`. */
export function parseMemlock(text: string): ProcessLimits['memlock'] {
  const [, soft, hard] = /^Max locked memory\s+(\S+)\s+(\S+)/m.exec(text) ?? [];
  return { soft: limit(soft), hard: limit(hard) };
}

/** The parts of {@link ProcessLimits} that are in the text of `/proc/PID/status`. */
export function parseStatus(text: string): Pick<ProcessLimits, 'capabilities' | 'allowedCpus' | 'allowedMems' | 'thpEnabled'> {
  const field = (name: string): string | undefined => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1];
  const effective = BigInt(`0x${field('CapEff') ?? '0'}`);
  const thpEnabled = field('THP_enabled');
  return {
    capabilities: { ipcLock: (effective & (1n << CAP_IPC_LOCK)) !== 0n, sysAdmin: (effective & (1n << CAP_SYS_ADMIN)) !== 0n },
    allowedCpus: parseCpuList(field('Cpus_allowed_list') ?? ''),
    allowedMems: parseCpuList(field('Mems_allowed_list') ?? ''),
    thpEnabled: thpEnabled === undefined ? undefined : thpEnabled === '1',
  };
}

function ownText(name: string, options: RootOptions): string {
  const text = readText(`/proc/self/${name}`, options);
  if (text === undefined) {
    throw new HugePagesError('ERR_HUGEPAGES_UNSUPPORTED', '/proc is not mounted', { remedy: 'Mount it: mount -t proc proc /proc' });
  }
  return text;
}

/** The kernel's way to say that there is no limit is a number close to 2^64. */
function readLimit(path: string, options: RootOptions): number | undefined {
  const value = readNumber(path, options);
  return value === undefined || Number.isSafeInteger(value) ? value : Infinity;
}

function limit(text: string | undefined): number {
  return text === 'unlimited' ? Infinity : Number(text);
}
