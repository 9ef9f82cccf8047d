import { GiB, KiB, MiB } from '../../../../lib/units.js';
import type { Readings } from './readings.js';

const SLICE = { path: '/system.slice', directory: '/sys/fs/cgroup/system.slice' };
const SERVICE = { path: '/system.slice/db.service', directory: '/sys/fs/cgroup/system.slice/db.service' };

/** Linux 6.8 with THP switched off, folios of other sizes included, an empty pool that may overcommit, and memory limits alone. */
export const thpNever: Readings = {
  pools: [
    {
      pageSize: 2 * MiB,
      total: 0,
      free: 0,
      reserved: 0,
      surplus: 0,
      overcommit: 16,
      mempolicy: 0,
      isDefault: true,
      perNode: [{ node: 0, total: 0, free: 0, surplus: 0 }],
    },
  ],
  mounts: [],
  thp: { enabled: 'never', defrag: 'never', shmem: 'never', pmdSize: 2 * MiB, khugepagedDefrag: false, processEnabled: true },
  numaNodes: [{ node: 0, cpus: [0, 1, 2, 3] }],
  limits: {
    memlock: { soft: Infinity, hard: Infinity },
    addressSpace: { soft: Infinity, hard: Infinity },
    data: { soft: Infinity, hard: Infinity },
    lockedBytes: 0,
    mappedBytes: 900032 * KiB,
    dataBytes: 84064 * KiB,
    uid: 0,
    groups: [0],
    capabilities: { ipcLock: true, sysAdmin: true, sysResource: true },
    allowedCpus: [0, 1, 2, 3],
    allowedMems: [0],
    thpEnabled: true,
    hugetlbShmGroup: 0,
    mayMakeHugetlbShm: true,
    shmmax: Infinity,
    shmall: Infinity,
  },
  cgroupLimits: {
    hugetlb: [],
    memory: {
      version: 2,
      readOnly: false,
      levels: [
        { ...SERVICE, limit: 2 * GiB, usage: 700 * MiB, reclaimable: 0 },
        { ...SLICE, limit: Infinity, usage: 1536 * MiB, reclaimable: 0 },
      ],
    },
    accountsHugetlb: false,
  },
  memoryState: {
    total: 16294164 * KiB,
    available: 12120044 * KiB,
    free: 8044112 * KiB,
    swapTotal: 0,
    swapFree: 0,
    adminReserve: 0,
    userReserve: 0,
    commitLimit: 8147080 * KiB,
    committed: 2204116 * KiB,
    overcommitMode: 0,
    maxMapCount: 65530,
    mapCount: 7,
  },
  container: { kind: undefined, readOnlySysfs: false, otherMountNamespace: false, otherUserNamespace: false, poolsWritable: true },
  vmstat: {
    compact_stall: 0,
    compact_fail: 0,
    compact_success: 0,
    htlb_buddy_alloc_success: 0,
    htlb_buddy_alloc_fail: 0,
    thp_fault_alloc: 0,
    thp_fault_fallback: 0,
    thp_collapse_alloc: 0,
    thp_split_page: 0,
    thp_split_pmd: 0,
  },
};
