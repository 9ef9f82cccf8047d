/** Everything that the rules look at, read once. */
import { accessSync, constants } from 'node:fs';
import { contiguousShare, parseBuddyinfo } from '../buddyinfo.js';
import { cgroupLimits } from '../cgroups.js';
import type { CgroupLimits } from '../cgroups.js';
import { container } from '../container.js';
import type { ContainerState } from '../container.js';
import { hasCollapse, kernelVersion } from '../kernel-version.js';
import { limits } from '../limits.js';
import type { ProcessLimits } from '../limits.js';
import { memoryState } from '../memory.js';
import type { MemoryState } from '../memory.js';
import { mounts } from '../mounts/mounts.js';
import type { HugetlbfsMount } from '../mounts/mounts.js';
import { numaNodes } from '../numa.js';
import type { NumaNode } from '../numa.js';
import { pools } from '../pools/pools.js';
import type { PoolSnapshot } from '../pools/pools.js';
import { readText, underRoot } from '../text.js';
import type { RootOptions } from '../text.js';
import { thp } from '../thp.js';
import type { ThpState } from '../thp.js';
import { vmstat } from '../vmstat.js';
import type { VmstatCounters } from '../vmstat.js';

/** A mount that a path leads to. */
export type ReachableMount = HugetlbfsMount & { readonly writable: boolean };

/** A machine, and a process on it. */
export interface Facts {
  readonly pools: readonly PoolSnapshot[];
  readonly nodes: readonly NumaNode[];
  readonly mounts: readonly ReachableMount[];
  readonly thp: ThpState;
  /** Whether huge pages can be made of populated memory where page faults make none. */
  readonly collapse: boolean;
  readonly limits: ProcessLimits;
  readonly cgroups: CgroupLimits;
  readonly memory: MemoryState;
  readonly container: ContainerState;
  readonly vmstat: VmstatCounters;
  /** The share of free memory that is in blocks that hold a page of this size; undefined where nothing says. */
  readonly contiguous: (pageSize: number) => number | undefined;
  /** Flags of the processor; empty except on x86. */
  readonly cpuFlags: readonly string[];
}

export function readFacts(options: RootOptions): Facts {
  const processLimits = limits(options);
  const memory = memoryState(options);
  const blocks = parseBuddyinfo(readText('/proc/buddyinfo', options) ?? '');
  return {
    pools: pools(options),
    nodes: numaNodes(options),
    mounts: reachableMounts(processLimits, options),
    thp: thp(options),
    collapse: hasCollapse(kernelVersion(options)),
    limits: processLimits,
    cgroups: cgroupLimits(options),
    memory,
    container: container(options),
    vmstat: vmstat(options),
    contiguous: (pageSize) => contiguousShare(blocks, memory.free, pageSize),
    cpuFlags: /^flags\s*:(.*)$/m.exec(readText('/proc/cpuinfo', options) ?? '')?.[1]?.trim().split(' ') ?? [],
  };
}

function reachableMounts(user: ProcessLimits, options: RootOptions): ReachableMount[] {
  return mounts(options)
    .filter(({ hidden }) => !hidden)
    .map((mount) => ({ ...mount, writable: !mount.options.includes('ro') && isWritable(mount, user, options) }));
}

// A recorded tree has the mount's options, and not its directory.
function isWritable(mount: HugetlbfsMount, user: ProcessLimits, options: RootOptions): boolean {
  if (options.root !== undefined) return mayWrite(mount, user);
  try {
    accessSync(underRoot(mount.mountPoint, options), constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const WRITE_AND_ENTER = 0o3;

function mayWrite({ uid, gid, mode }: HugetlbfsMount, user: ProcessLimits): boolean {
  if (user.uid === 0) return true;
  let shift = user.groups.includes(gid) ? 3 : 0;
  if (user.uid === uid) shift = 6;
  return ((mode >> shift) & WRITE_AND_ENTER) === WRITE_AND_ENTER;
}
