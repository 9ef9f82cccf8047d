/** Who a process is. */
import { parseCgroups } from '../../host/cgroup-hierarchy.js';
import type { Living } from '../procfs/living.js';
import { readProcess, UNREADABLE } from '../procfs/reading.js';
import type { Reading } from '../procfs/reading.js';
import type { ProcessStatus } from '../procfs/status.js';
import { containerOf } from './container-id.js';
import type { ContainerId } from './container-id.js';
import type { Context } from './context.js';

/** The cgroup of a process, and what it was made for. */
export interface Place {
  /** Of the hierarchy that has the hugetlb controller: `/user.slice/a.service`. */
  readonly cgroup: string | undefined;
  readonly container: ContainerId | undefined;
}

/** What every user may know of a process. */
export interface ProcessIdentity extends Place {
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
}

/** Who a process is, by what `/proc` tells everybody. */
export function identify(pid: number, { thread, status }: Living, { root, users, placed }: Context): ProcessIdentity {
  const kind = kindOf(pid, status);
  return {
    ...{ pid, kind, name: status.name },
    commandLine: kind === 'process' ? readOr([], readProcess(thread, 'cmdline', root, parseCommandLine)) : [],
    uid: status.uid,
    user: users.get(status.uid),
    ...readOr(NOWHERE, readProcess(thread, 'cgroup', root, (text) => placeIn(text, placed))),
  };
}

const NOWHERE: Place = { cgroup: undefined, container: undefined };

const KTHREADD = 2;

function kindOf(pid: number, { hasAddressSpace, state, parent }: ProcessStatus): ProcessIdentity['kind'] {
  if (hasAddressSpace) return 'process';
  return state !== 'Z' && (pid === KTHREADD || parent === KTHREADD) ? 'kernel-thread' : 'zombie';
}

/** The text of `/proc/PID/cmdline`. A process that shows a title of its own there may leave out the NULs. */
export function parseCommandLine(text: string): string[] {
  return text === '' ? [] : text.replace(/\0+$/, '').split('\0');
}

/** The text of `/proc/PID/cgroup`. Many processes have the same, and each hierarchy of version 1 a line in it. */
function placeIn(text: string, placed: Map<string, Place>): Place {
  let place = placed.get(text);
  if (place === undefined) placed.set(text, (place = parsePlace(text)));
  return place;
}

function parsePlace(text: string): Place {
  const memberships = parseCgroups(text.trimEnd());
  const ofHugetlb = memberships.find(({ controllers }) => controllers.includes('hugetlb'));
  const unified = memberships.find(({ version }) => version === 2);
  return { cgroup: (ofHugetlb ?? unified)?.path, container: containerOf(memberships) };
}

/** In place of what is gone by now, or hidden by `hidepid`. */
function readOr<T>(none: T, read: Reading<T>): T {
  return read === undefined || read === UNREADABLE ? none : read;
}
