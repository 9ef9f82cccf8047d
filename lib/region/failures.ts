/** What a failed system call on a region means, and what to do about it. */
import { HugePagesError, errnoName } from '../errors.js';
import type { HugePagesErrorCode } from '../errors.js';
import { growRemedy } from '../host/pools/grow-remedy.js';
import { pool } from '../host/pools/pools.js';
import type { PoolSnapshot } from '../host/pools/pools.js';
import { native } from '../native.js';
import type { PopulateOutcome } from '../native.js';
import { formatSize } from '../units.js';
import type { BackingKind } from './types.js';

/** What the addon throws for a system call that failed. */
interface SystemCallError extends Error {
  errno: number;
  syscall: string;
}

function isSystemCallError(error: unknown): error is SystemCallError {
  return error instanceof Error && 'errno' in error && 'syscall' in error;
}

const CODES: Record<string, HugePagesErrorCode> = {
  ENOMEM: 'ERR_HUGEPAGES_NO_MEMORY',
  EPERM: 'ERR_HUGEPAGES_PERMISSION',
  EACCES: 'ERR_HUGEPAGES_PERMISSION',
  EINVAL: 'ERR_HUGEPAGES_UNSUPPORTED',
  ENOSYS: 'ERR_HUGEPAGES_UNSUPPORTED',
  EOPNOTSUPP: 'ERR_HUGEPAGES_UNSUPPORTED',
};

function codeOf(errno: number): HugePagesErrorCode {
  return CODES[errnoName(errno)] ?? 'ERR_HUGEPAGES_SYSTEM';
}

/** Runs a native call; a failed system call becomes a {@link HugePagesError} that says what was being done. */
export function attempt<T>(what: string, call: () => T, remedy?: string): T {
  try {
    return call();
  } catch (error) {
    if (!isSystemCallError(error)) throw error;
    const { errno, syscall } = error;
    throw new HugePagesError(codeOf(errno), what, { errno, syscall, remedy, cause: error });
  }
}

/** What is being mapped or populated. */
export interface Target {
  backing: BackingKind;
  pageSize: number;
  byteLength: number;
}

function describe({ backing, pageSize, byteLength }: Target): string {
  return `${formatSize(byteLength)} on ${formatSize(pageSize)} ${backing} pages`;
}

function counters(snapshot: PoolSnapshot): string {
  const names = ['total', 'free', 'reserved', 'surplus', 'overcommit'] as const;
  return names.map((name) => `${name} ${String(snapshot[name])}`).join(', ');
}

/** Regions that nobody disposed hold their pages until the garbage collector comes, which a synchronous loop never lets happen. */
function undisposed(): string[] {
  const { regions, bytes } = native.stats();
  if (regions === 0) return [];
  return [`this process holds ${String(regions)} undisposed region${regions === 1 ? '' : 's'} of ${formatSize(bytes)}`];
}

/** The error of a mapping that the kernel refused. */
export function mapFailure(target: Target, error: unknown): unknown {
  if (!isSystemCallError(error)) return error;
  const { errno, syscall } = error;
  const snapshot = target.backing === 'hugetlb' ? pool(target.pageSize) : undefined;
  const neededPages = target.byteLength / target.pageSize;
  const details = { ...target, neededPages, pool: snapshot, undisposed: native.stats() };
  const what = `Cannot allocate ${describe(target)}`;
  const init = { errno, syscall, details, cause: error };
  if (errnoName(errno) !== 'ENOMEM') return new HugePagesError(codeOf(errno), what, init);
  const poolState = snapshot === undefined ? [] : [`${String(neededPages)} pages needed, the pool has ${counters(snapshot)}`];
  const state = [...poolState, ...undisposed()];
  const message = state.length === 0 ? what : `${what} (${state.join('; ')})`;
  if (snapshot === undefined || available(snapshot) >= neededPages) {
    return new HugePagesError('ERR_HUGEPAGES_NO_MEMORY', message, { ...init, remedy: LIMITS_REMEDY });
  }
  const { sentence, command } = growRemedy(snapshot, neededPages);
  return new HugePagesError('ERR_HUGEPAGES_NO_MEMORY', message, { ...init, details: { ...details, command }, remedy: sentence });
}

const LIMITS_REMEDY =
  'It is not the pool: see ulimit -v, vm.max_map_count, vm.overcommit_memory, and the memory and hugetlb limits of the cgroup';

/** Pages that a new mapping can reserve. */
function available({ free, reserved, surplus, overcommit }: PoolSnapshot): number {
  return free - reserved + Math.max(0, overcommit - surplus);
}

const POPULATE_REMEDIES: Record<string, string> = {
  EFAULT:
    'No page could be had, and touching would have been SIGBUS: the pool is empty and the range has no reservation, ' +
    'or a cgroup is at its hugetlb max',
  EHWPOISON: 'A page of the range has a memory error: dispose the region and allocate again',
  EINVAL: "The range is not writable: region.protect('read-write') first",
  ENOMEM: 'The memory cgroup or the machine is out of memory',
};

/** The error of a populate that ended early by itself. */
export function populateFailure(target: Target, requestedBytes: number, outcome: PopulateOutcome): HugePagesError {
  const { errno, syscall, populatedBytes } = outcome;
  const snapshot = target.backing === 'hugetlb' ? pool(target.pageSize) : undefined;
  const state = snapshot === undefined ? '' : `; the pool has ${counters(snapshot)}`;
  const pages = `${formatSize(target.pageSize)} ${target.backing} pages`;
  return new HugePagesError(
    'ERR_HUGEPAGES_POPULATE',
    `Populated ${formatSize(populatedBytes)} of ${formatSize(requestedBytes)} on ${pages}${state}`,
    { errno, syscall, details: { ...target, requestedBytes, populatedBytes, pool: snapshot }, remedy: POPULATE_REMEDIES[errnoName(errno)] },
  );
}
