/** The state of a machine and of this process, as far as it decides over an allocation. */
import { KiB } from '../../units.js';
import { cgroupLimits } from '../cgroups.js';
import type { CgroupLimits } from '../cgroups.js';
import { parseCpuList } from '../cpu-list.js';
import { kernelVersion } from '../kernel-version.js';
import type { KernelVersion } from '../kernel-version.js';
import { limits } from '../limits.js';
import type { ProcessLimits } from '../limits.js';
import { memoryState } from '../memory.js';
import type { MemoryState } from '../memory.js';
import { findMount } from '../mounts/find-mount.js';
import { forgetfulLast } from '../mounts/forgetful.js';
import { mounts } from '../mounts/mounts.js';
import type { HugetlbfsMount } from '../mounts/mounts.js';
import { placeOf } from '../mounts/place.js';
import type { Place } from '../mounts/place.js';
import { pools } from '../pools/pools.js';
import type { PoolSnapshot } from '../pools/pools.js';
import { parseResourceLimit, procText } from '../process-status.js';
import type { ResourceLimit } from '../process-status.js';
import { segmentPageSize, segmentState } from '../segments.js';
import type { SegmentState } from '../segments.js';
import { readText } from '../text.js';
import type { RootOptions } from '../text.js';
import { THP, parseChoice, thp } from '../thp.js';
import type { ThpState } from '../thp.js';
import { taskNodes } from './task-policy.js';

/** Each part is read when it is first asked for, and once. */
export interface Machine {
  pools(): readonly PoolSnapshot[];
  limits(): ProcessLimits;
  memory(): MemoryState;
  cgroups(): CgroupLimits;
  thp(): ThpState;
  /** Linux 6.8, for shared memory 6.12: what decides for huge pages of one PMD, where it is not `inherit`. */
  thpOfPmdSize(): { readonly enabled: string | undefined; readonly shmem: string | undefined };
  mounts(): readonly HugetlbfsMount[];
  /** A mount with room for a file. Of a recorded machine one of that page size: it says nothing of room. */
  mountFor(pageSize: number, size: number): HugetlbfsMount | undefined;
  /** Where a path leads; undefined of a recorded machine, whose files are not there. */
  place(path: string): Place | undefined;
  segments(): SegmentState;
  /** Bytes; undefined where it cannot be told: it may not be attached, or is one of a recorded machine. */
  segmentPageSize(id: number): number | undefined;
  /** RLIMIT_FSIZE */
  fileSize(): ResourceLimit;
  /** Nodes that this process may take memory from: they have some, and its cpuset and its own mempolicy allow them. */
  nodes(): readonly number[];
  kernel(): KernelVersion | undefined;
  /** Regions that this process holds. */
  readonly held: { readonly regions: number; readonly bytes: number };
}

/** The machine below a root; what this process holds is known to the caller. */
export function readMachine(held: Machine['held'], options: RootOptions = {}): Machine {
  const own = once(() => limits(options));
  const transparent = once(() => thp(options));
  const mounted = once(() => mounts(options));
  const isLive = options.root === undefined;
  return {
    pools: once(() => pools(options)),
    limits: own,
    memory: once(() => memoryState(options)),
    cgroups: once(() => cgroupLimits(options)),
    thp: transparent,
    thpOfPmdSize: once(() => settingsOfSize(transparent().pmdSize, options)),
    mounts: mounted,
    mountFor: (pageSize, size) => {
      if (isLive) return findMount(pageSize, { size });
      return forgetfulLast(mounted()).find((mount) => mount.pageSize === pageSize && !mount.hidden && !mount.options.includes('ro'));
    },
    place: (path) => (isLive ? placeOf(path, mounted()) : undefined),
    segments: once(() => segmentState(options)),
    segmentPageSize: (id) => (isLive ? segmentPageSize(id) : undefined),
    fileSize: once(() => parseResourceLimit(procText('/proc/self/limits', options), 'Max file size')),
    nodes: once(() => allowedNodes(own().allowedMems, options)),
    kernel: once(() => kernelVersion(options)),
    held,
  };
}

function once<T>(read: () => T): () => T {
  let known: { value: T } | undefined;
  return () => (known ??= { value: read() }).value;
}

function allowedNodes(allowed: readonly number[], options: RootOptions): readonly number[] {
  const text = readText('/sys/devices/system/node/has_memory', options);
  const withMemory = text === undefined ? allowed : parseCpuList(text).filter((node) => allowed.includes(node));
  // Costs a walk of this process's page tables, and decides nothing where there is one node.
  if (withMemory.length < 2) return withMemory;
  const bound = taskNodes(readText('/proc/self/numa_maps', options) ?? '');
  return bound === undefined ? withMemory : withMemory.filter((node) => bound.includes(node));
}

function settingsOfSize(bytes: number | undefined, options: RootOptions): ReturnType<Machine['thpOfPmdSize']> {
  const choice = (name: string): string | undefined => {
    const value = parseChoice(readText(`${thpSizeDirectory(bytes)}/${name}`, options) ?? '');
    return value === 'inherit' ? undefined : value;
  };
  return { enabled: choice('enabled'), shmem: choice('shmem_enabled') };
}

/** `/sys/kernel/mm/transparent_hugepage/hugepages-2048kB` */
export function thpSizeDirectory(bytes = 0): string {
  return `${THP}/hugepages-${String(bytes / KiB)}kB`;
}
