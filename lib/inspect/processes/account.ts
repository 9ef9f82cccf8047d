/** What one process has of huge pages. */
import { checkPid, noProcess, unreadableProcess } from '../../host/process-status.js';
import { userNames } from '../../host/setup/accounts.js';
import type { RootOptions } from '../../host/text.js';
import { livingOf } from '../procfs/living.js';
import { UNREADABLE } from '../procfs/reading.js';
import { newContext } from './context.js';
import type { Context } from './context.js';
import { identify } from './identity.js';
import type { ProcessIdentity } from './identity.js';
import type { MappingAccount } from './mappings.js';
import { EVERYTHING } from './selection.js';
import { hugetlbBytes, thpBytes } from './use.js';
import type { HugePageUse } from './use.js';
import { usageOf } from './usage.js';

/** A process and its huge pages. Sizes are bytes. */
export interface ProcessAccount extends ProcessIdentity, HugePageUse {
  readonly state: 'read';
  /** All its huge pages: of hugetlb pools and transparent ones. */
  readonly total: number;
  /** What it has in memory besides hugetlb pages: VmRSS. */
  readonly resident: number;
  /** Those of its mappings that have huge pages, in the order of their addresses. Undefined where they were not asked for. */
  readonly mappings: readonly MappingAccount[] | undefined;
}

/** A process whose mappings the kernel does not show to this user. What else is missing is hidden by `hidepid`. */
export interface UnreadableProcess extends Partial<ProcessIdentity> {
  readonly state: 'unreadable';
  readonly pid: number;
  /** Of all pools together, which every user may know: HugetlbPages. */
  readonly hugetlbBytes?: number;
}

/** A process that ended while it was looked at, or that was named and is not there. */
export interface VanishedProcess {
  readonly state: 'vanished';
  readonly pid: number;
  readonly name?: string;
}

export type ProcessEntry = ProcessAccount | UnreadableProcess | VanishedProcess;

/**
 * What a process has of huge pages, in all and by mapping: from `status`, `smaps_rollup`, `smaps` and `numa_maps` of `/proc/PID`. A kernel
 * thread and a zombie have none.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, RangeError `ERR_OUT_OF_RANGE` for wrong arguments
 * @throws HugePagesError `ERR_HUGEPAGES_NO_PROCESS`; `ERR_HUGEPAGES_PERMISSION` for a process of another user, without CAP_SYS_PTRACE;
 *   `ERR_HUGEPAGES_SYSTEM`
 */
export async function processAccount(pid: number, options: RootOptions = {}): Promise<ProcessAccount> {
  checkPid(pid, 'pid');
  const entry = await entryOf(pid, newContext(options, userNames(options), EVERYTHING, true));
  if (entry === undefined || entry.state === 'vanished') throw noProcess(pid);
  if (entry.state === 'read') return entry;
  throw unreadableProcess(pid, 'mappings');
}

/** Undefined for a process that is not selected. */
export async function entryOf(pid: number, context: Context): Promise<ProcessEntry | undefined> {
  const { root, selection } = context;
  const living = livingOf(pid, root);
  if (living === undefined) return { state: 'vanished', pid };
  if (living === UNREADABLE) return { state: 'unreadable', pid };
  const { thread, status } = living;
  if (!selection.hasUser(status.uid)) return undefined;

  const usage = await usageOf(thread, status, context);
  if (usage === undefined) return { state: 'vanished', pid, name: status.name };
  if (usage !== UNREADABLE && !selection.hasUse(usage.use)) return undefined;
  const identity = identify(pid, living, context);
  if (!selection.hasIdentity(identity)) return undefined;
  if (usage === UNREADABLE) return { state: 'unreadable', ...identity, hugetlbBytes: status.hugetlb };
  const { use, mappings } = usage;
  const total = hugetlbBytes(use) + thpBytes(use);
  return { state: 'read', ...identity, ...use, total, resident: status.resident, mappings };
}
