/** What one process has of huge pages. */
import { checkPid, noProcess, unreadableProcess } from '../../host/process-status.js';
import { userNames } from '../../host/setup/accounts.js';
import type { RootOptions } from '../../host/text.js';
import { readLiving } from '../procfs/living.js';
import type { Living } from '../procfs/living.js';
import { UNREADABLE } from '../procfs/reading.js';
import type { Reading } from '../procfs/reading.js';
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

/** A process that ended while it was looked at, became another program at each look, or was named and is not there. */
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
 *   `ERR_HUGEPAGES_BUSY` when it became another program again and again; `ERR_HUGEPAGES_SYSTEM`
 */
export async function processAccount(pid: number, options: RootOptions = {}): Promise<ProcessAccount> {
  checkPid(pid, 'pid');
  const entry = await entryOf(pid, newContext(options, userNames(options), EVERYTHING, true));
  if (entry === undefined || entry.state === 'vanished') throw noProcess(pid);
  if (entry.state === 'read') return entry;
  throw unreadableProcess(pid, 'mappings');
}

/**
 * Undefined for a process that is not selected.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_BUSY` for one that is another program at each reading
 */
export async function entryOf(pid: number, context: Context): Promise<ProcessEntry | undefined> {
  let name: string | undefined;
  const entry = await readLiving(pid, context.root, (living) => {
    name = living.status.name;
    return livingEntry(pid, living, context);
  });
  if (entry === undefined) return { state: 'vanished', pid, ...(name !== undefined && { name }) };
  if (entry === UNREADABLE) return { state: 'unreadable', pid };
  return entry === OTHER ? undefined : entry;
}

/** A process that is not selected. */
const OTHER = Symbol('other');

async function livingEntry(pid: number, living: Living, context: Context): Promise<Reading<ProcessEntry | typeof OTHER>> {
  const { thread, status } = living;
  const { selection } = context;
  if (!selection.hasUser(status.uid)) return OTHER;
  const usage = await usageOf(thread, status, context);
  if (usage === undefined) return undefined;
  if (usage !== UNREADABLE && !selection.hasUse(usage.use)) return OTHER;
  const identity = identify(pid, living, context);
  if (!selection.hasIdentity(identity)) return OTHER;
  if (usage === UNREADABLE) return { state: 'unreadable', ...identity, hugetlbBytes: status.hugetlb };
  const { use, mappings } = usage;
  const total = hugetlbBytes(use) + thpBytes(use);
  return { state: 'read', ...identity, ...use, total, resident: status.resident, mappings };
}
