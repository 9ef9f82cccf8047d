import { GiB, KiB, MiB } from '../../../../lib/units.js';
import type { Readings } from './readings.js';

const PATH = '/docker/4f1c6c1f0f3c6b9f7d4be3d0b7d6ad13f2d9c0f5a1e37f60a3e0c5c0b1a2d3e4';

/**
 * Linux 4.18 seen from a Docker container: sysfs read-only, PID, user and mount namespace of its own, so that group 0 is another,
 * its cgroups mounted from its own on; a kernel that has no reservation limits and does not say THP_enabled.
 */
export const containerized: Readings = {
  pools: [
    {
      pageSize: 2 * MiB,
      total: 512,
      free: 384,
      reserved: 0,
      surplus: 0,
      overcommit: 0,
      mempolicy: 512,
      isDefault: true,
      perNode: [
        { node: 0, total: 256, free: 128, surplus: 0 },
        { node: 1, total: 256, free: 256, surplus: 0 },
      ],
    },
    {
      pageSize: GiB,
      total: 0,
      free: 0,
      reserved: 0,
      surplus: 0,
      overcommit: 0,
      mempolicy: 0,
      isDefault: false,
      perNode: [
        { node: 0, total: 0, free: 0, surplus: 0 },
        { node: 1, total: 0, free: 0, surplus: 0 },
      ],
    },
  ],
  mounts: [],
  thp: { enabled: 'always', defrag: 'madvise', shmem: 'never', pmdSize: 2 * MiB, khugepagedDefrag: true, processEnabled: undefined },
  numaNodes: [
    { node: 0, cpus: [0, 1] },
    { node: 1, cpus: [2, 3] },
  ],
  limits: {
    memlock: { soft: 64 * KiB, hard: 64 * KiB },
    addressSpace: { soft: Infinity, hard: Infinity },
    data: { soft: Infinity, hard: Infinity },
    lockedBytes: 0,
    mappedBytes: 780000 * KiB,
    dataBytes: 60124 * KiB,
    uid: 0,
    groups: [0],
    capabilities: { ipcLock: false, sysAdmin: false, sysResource: false },
    allowedCpus: [0, 1],
    allowedMems: [0],
    thpEnabled: undefined,
    hugetlbShmGroup: 0,
    mayMakeHugetlbShm: false,
    shmmax: Infinity,
    shmall: Infinity,
  },
  cgroupLimits: {
    hugetlb: [
      {
        pageSize: 2 * MiB,
        version: 1,
        readOnly: true,
        levels: [
          { path: PATH, directory: '/sys/fs/cgroup/hugetlb', limit: 128 * MiB, usage: 0, reservedLimit: Infinity, reservedUsage: 0 },
        ],
      },
      {
        pageSize: GiB,
        version: 1,
        readOnly: true,
        levels: [{ path: PATH, directory: '/sys/fs/cgroup/hugetlb', limit: Infinity, usage: 0, reservedLimit: Infinity, reservedUsage: 0 }],
      },
    ],
    memory: {
      version: 1,
      readOnly: true,
      levels: [{ path: PATH, directory: '/sys/fs/cgroup/memory', limit: 512 * MiB, usage: 84 * MiB, reclaimable: 0 }],
    },
    accountsHugetlb: false,
  },
  memoryState: {
    total: 65801984 * KiB,
    available: 52113408 * KiB,
    free: 40112344 * KiB,
    swapTotal: 0,
    swapFree: 0,
    adminReserve: 0,
    userReserve: 0,
    commitLimit: 32900992 * KiB,
    committed: 9104116 * KiB,
    overcommitMode: 1,
    maxMapCount: 65530,
    mapCount: 7,
  },
  container: { kind: 'docker', readOnlySysfs: true, otherMountNamespace: undefined, otherUserNamespace: true, poolsWritable: false },
  vmstat: {
    compact_stall: 402,
    compact_fail: 377,
    compact_success: 25,
    htlb_buddy_alloc_success: 512,
    htlb_buddy_alloc_fail: 0,
    thp_fault_alloc: 771204,
    thp_fault_fallback: 18021,
    thp_collapse_alloc: 9034,
    thp_split_page: 1120,
    thp_split_pmd: 4096,
  },
};
