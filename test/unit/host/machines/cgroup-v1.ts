import { GiB, KiB, MiB } from '../../../../lib/units.js';
import { PLAIN_MOUNT } from './readings.js';
import type { Readings } from './readings.js';

const HUGETLB = '/sys/fs/cgroup/hugetlb';
const MEMORY = '/sys/fs/cgroup/memory';

/** Linux 5.10 with version 1 hierarchies beside an empty version 2; an ordinary user with tight limits, for whom process 1 is hidden. */
export const cgroupV1: Readings = {
  pools: [
    {
      pageSize: 2 * MiB,
      total: 24,
      free: 16,
      reserved: 2,
      surplus: 0,
      overcommit: 0,
      mempolicy: 24,
      isDefault: true,
      perNode: [{ node: 0, total: 24, free: 16, surplus: 0 }],
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
      perNode: [{ node: 0, total: 0, free: 0, surplus: 0 }],
    },
  ],
  mounts: [
    {
      ...PLAIN_MOUNT,
      id: 45,
      device: '0:42',
      mountPoint: '/dev/hugepages',
      pageSize: 2 * MiB,
      options: ['rw', 'relatime', 'pagesize=2M'],
    },
  ],
  thp: { enabled: 'madvise', defrag: 'madvise', shmem: 'never', pmdSize: 2 * MiB, khugepagedDefrag: true, processEnabled: true },
  numaNodes: [{ node: 0, cpus: [0, 1, 2, 3] }],
  limits: {
    memlock: { soft: 64 * KiB, hard: 64 * KiB },
    addressSpace: { soft: 4 * GiB, hard: Infinity },
    data: { soft: GiB, hard: 2 * GiB },
    lockedBytes: 32 * KiB,
    mappedBytes: 812344 * KiB,
    dataBytes: 80124 * KiB,
    uid: 33,
    groups: [33, 105],
    capabilities: { ipcLock: false, sysAdmin: false, sysResource: false },
    allowedCpus: [0, 1, 2, 3],
    allowedMems: [0],
    thpEnabled: true,
    hugetlbShmGroup: 0,
    mayMakeHugetlbShm: false,
    shmmax: 64 * GiB,
    shmall: 4 * GiB,
  },
  cgroupLimits: {
    hugetlb: [
      {
        pageSize: 2 * MiB,
        version: 1,
        readOnly: false,
        levels: [
          {
            path: '/batch/worker',
            directory: `${HUGETLB}/batch/worker`,
            limit: 16 * MiB,
            usage: 8 * MiB,
            reservedLimit: 12 * MiB,
            reservedUsage: 10 * MiB,
          },
          {
            path: '/batch',
            directory: `${HUGETLB}/batch`,
            limit: 32 * MiB,
            usage: 16 * MiB,
            reservedLimit: Infinity,
            reservedUsage: 20 * MiB,
          },
          { path: '/', directory: HUGETLB, limit: Infinity, usage: 16 * MiB, reservedLimit: Infinity, reservedUsage: 20 * MiB },
        ],
      },
      {
        pageSize: GiB,
        version: 1,
        readOnly: false,
        levels: [
          {
            path: '/batch/worker',
            directory: `${HUGETLB}/batch/worker`,
            limit: Infinity,
            usage: 0,
            reservedLimit: Infinity,
            reservedUsage: 0,
          },
          { path: '/batch', directory: `${HUGETLB}/batch`, limit: 0, usage: 0, reservedLimit: 0, reservedUsage: 0 },
          { path: '/', directory: HUGETLB, limit: Infinity, usage: 0, reservedLimit: Infinity, reservedUsage: 0 },
        ],
      },
    ],
    memory: {
      version: 1,
      readOnly: false,
      levels: [
        { path: '/batch/worker', directory: `${MEMORY}/batch/worker`, limit: 512 * MiB, usage: 127 * MiB, reclaimable: 80 * MiB },
        { path: '/batch', directory: `${MEMORY}/batch`, limit: GiB, usage: 288 * MiB, reclaimable: 0 },
        { path: '/', directory: MEMORY, limit: Infinity, usage: 4016 * MiB, reclaimable: 0 },
      ],
    },
    accountsHugetlb: false,
  },
  memoryState: {
    total: 8167848 * KiB,
    available: 5120044 * KiB,
    free: 3044112 * KiB,
    swapTotal: 0,
    swapFree: 0,
    adminReserve: 0,
    userReserve: 0,
    commitLimit: 4083924 * KiB,
    committed: 2204116 * KiB,
    overcommitMode: 0,
    maxMapCount: 65530,
    mapCount: 7,
  },
  container: { kind: undefined, readOnlySysfs: false, otherMountNamespace: undefined, otherUserNamespace: false, poolsWritable: false },
  vmstat: {
    compact_stall: 0,
    compact_fail: 0,
    compact_success: 0,
    htlb_buddy_alloc_success: 24,
    htlb_buddy_alloc_fail: 0,
    thp_fault_alloc: 1811,
    thp_fault_fallback: 64,
    thp_collapse_alloc: 17,
    thp_split_page: 5,
    thp_split_pmd: 70,
  },
};
