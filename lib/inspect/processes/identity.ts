/** Who a process is. */
import { parseCgroups } from '../../host/cgroup-hierarchy.js';
import type { CgroupMembership } from '../../host/cgroup-hierarchy.js';
import type { RootOptions } from '../../host/text.js';
import type { Living } from '../procfs/living.js';
import { readProcess, UNREADABLE } from '../procfs/reading.js';
import type { ProcessStatus } from '../procfs/status.js';
import { containerOf } from './container-id.js';
import type { ContainerId } from './container-id.js';

/** What every user may know of a process. */
export interface ProcessIdentity {
  readonly pid: number;
  /** A kernel thread and a zombie have no memory. */
  readonly kind: 'process' | 'kernel-thread' | 'zombie';
  /** Of its main thread, at most 15 bytes: `comm`. */
  readonly name: string;
  /** Its arguments, the program first. Empty for a kernel thread and a zombie. */
  readonly commandLine: readonly string[];
  /** Effective. */
  readonly uid: number;
  /** The name of that user in `/etc/passwd`. */
  readonly user: string | undefined;
  /** Of the hierarchy that has the hugetlb controller: `/user.slice/a.service`. */
  readonly cgroup: string | undefined;
  readonly container: ContainerId | undefined;
}

/** @param users - names by number */
export function identify(
  pid: number,
  { thread, status }: Living,
  users: ReadonlyMap<number, string>,
  options: RootOptions,
): ProcessIdentity {
  const kind = kindOf(pid, status);
  const memberships = orNone(readProcess(thread, 'cgroup', options, (text) => parseCgroups(text.trimEnd())));
  return {
    ...{ pid, kind, name: status.name },
    commandLine: kind === 'process' ? orNone(readProcess(thread, 'cmdline', options, parseCommandLine)) : [],
    uid: status.uid,
    user: users.get(status.uid),
    cgroup: hugetlbCgroup(memberships)?.path,
    container: containerOf(memberships),
  };
}

const KTHREADD = 2;

function kindOf(pid: number, { hasAddressSpace, state, parent }: ProcessStatus): ProcessIdentity['kind'] {
  if (hasAddressSpace) return 'process';
  return state !== 'Z' && (pid === KTHREADD || parent === KTHREADD) ? 'kernel-thread' : 'zombie';
}

/** The text of `/proc/PID/cmdline`. A process that shows a title of its own there may leave out the NULs. */
export function parseCommandLine(text: string): string[] {
  return text === '' ? [] : text.replace(/\0+$/, '').split('\0');
}

function hugetlbCgroup(memberships: readonly CgroupMembership[]): CgroupMembership | undefined {
  return memberships.find(({ controllers }) => controllers.includes('hugetlb')) ?? memberships.find(({ version }) => version === 2);
}

/** What is gone by now, or hidden by `hidepid`, is none. */
function orNone<T>(read: readonly T[] | typeof UNREADABLE | undefined): readonly T[] {
  return read === undefined || read === UNREADABLE ? [] : read;
}
