/** Everything that the readers of lib/host say of one machine. */
import { cgroupLimits } from '../../../../lib/host/cgroups.js';
import { container } from '../../../../lib/host/container.js';
import { limits } from '../../../../lib/host/limits.js';
import { memoryState } from '../../../../lib/host/memory.js';
import { mounts } from '../../../../lib/host/mounts/mounts.js';
import { numaNodes } from '../../../../lib/host/numa.js';
import { pools } from '../../../../lib/host/pools/pools.js';
import { thp } from '../../../../lib/host/thp.js';
import { vmstat } from '../../../../lib/host/vmstat.js';

export const READERS = { pools, mounts, thp, numaNodes, limits, cgroupLimits, memoryState, container, vmstat } as const;

export type Reader = keyof typeof READERS;

/** What each of them has to say. */
export type Readings = { readonly [Name in Reader]: ReturnType<(typeof READERS)[Name]> };

/** A hugetlbfs mount without options. */
export const PLAIN_MOUNT = {
  root: '/',
  source: 'hugetlbfs',
  size: undefined,
  minSize: undefined,
  nrInodes: undefined,
  uid: 0,
  gid: 0,
  mode: 0o755,
  hidden: false,
} as const;
