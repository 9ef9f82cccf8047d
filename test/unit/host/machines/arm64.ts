import { GiB, KiB, MiB } from '../../../../lib/units.js';
import { PLAIN_MOUNT } from './readings.js';
import type { Readings } from './readings.js';

const CGROUP = { path: '/init.scope', directory: '/sys/fs/cgroup/init.scope' };

/** Linux 6.6 on arm64 with base pages of 4 KiB and no NUMA: four pools, strict overcommit, a read-only root, THP taken by prctl. */
export const arm64: Readings = {
  pools: [
    { pageSize: 64 * KiB, total: 256, free: 200, reserved: 16, surplus: 0, overcommit: 0, isDefault: false, perNode: [] },
    { pageSize: 2 * MiB, total: 40, free: 38, reserved: 3, surplus: 4, overcommit: 8, demoteSize: 64 * KiB, isDefault: true, perNode: [] },
    { pageSize: 32 * MiB, total: 15, free: 7, reserved: 0, surplus: 0, overcommit: 2, demoteSize: 2 * MiB, isDefault: false, perNode: [] },
    { pageSize: GiB, total: 1, free: 1, reserved: 1, surplus: 0, overcommit: 0, demoteSize: 32 * MiB, isDefault: false, perNode: [] },
  ],
  mounts: [
    {
      ...PLAIN_MOUNT,
      id: 40,
      device: '0:33',
      source: 'none',
      mountPoint: '/mnt/huge-64k',
      pageSize: 64 * KiB,
      options: ['rw', 'relatime', 'pagesize=64K'],
    },
    {
      ...PLAIN_MOUNT,
      id: 41,
      device: '0:34',
      mountPoint: '/dev/hugepages',
      pageSize: 2 * MiB,
      options: ['rw', 'relatime', 'pagesize=2M'],
    },
    {
      ...PLAIN_MOUNT,
      id: 42,
      device: '0:35',
      source: 'none',
      mountPoint: '/mnt/huge-32m',
      pageSize: 32 * MiB,
      size: 256 * MiB,
      options: ['rw', 'relatime', 'pagesize=32M', 'size=268435456'],
    },
    {
      ...PLAIN_MOUNT,
      id: 43,
      device: '0:36',
      source: 'none',
      mountPoint: '/mnt/huge-1g',
      pageSize: GiB,
      minSize: GiB,
      options: ['rw', 'relatime', 'pagesize=1024M', 'min_size=1073741824'],
    },
  ],
  thp: { enabled: 'madvise', defrag: 'madvise', shmem: 'never', pmdSize: 2 * MiB, khugepagedDefrag: false, processEnabled: false },
  numaNodes: [{ node: 0, cpus: [0, 1, 2, 3] }],
  limits: {
    memlock: { soft: 8 * MiB, hard: 8 * MiB },
    addressSpace: { soft: Infinity, hard: Infinity },
    data: { soft: Infinity, hard: Infinity },
    lockedBytes: 0,
    mappedBytes: 820016 * KiB,
    dataBytes: 70144 * KiB,
    uid: 0,
    groups: [0],
    capabilities: { ipcLock: true, sysAdmin: true },
    allowedCpus: [0, 1, 2, 3],
    allowedMems: [0],
    thpEnabled: false,
    hugetlbShmGroup: 0,
    mayMakeHugetlbShm: true,
    shmmax: Infinity,
    shmall: Infinity,
  },
  cgroupLimits: {
    hugetlb: [
      {
        pageSize: 64 * KiB,
        version: 2,
        levels: [{ ...CGROUP, limit: MiB, usage: 512 * KiB, reservedLimit: Infinity, reservedUsage: 512 * KiB }],
      },
      { pageSize: 2 * MiB, version: 2, levels: [{ ...CGROUP, limit: Infinity, usage: 0, reservedLimit: Infinity, reservedUsage: 0 }] },
      {
        pageSize: 32 * MiB,
        version: 2,
        levels: [{ ...CGROUP, limit: 256 * MiB, usage: 256 * MiB, reservedLimit: 256 * MiB, reservedUsage: 256 * MiB }],
      },
      { pageSize: GiB, version: 2, levels: [{ ...CGROUP, limit: Infinity, usage: 0, reservedLimit: Infinity, reservedUsage: 0 }] },
    ],
    memory: { version: 2, levels: [{ ...CGROUP, limit: Infinity, usage: 14 * MiB, reclaimable: 0 }] },
    accountsHugetlb: false,
  },
  memoryState: {
    total: 16291008 * KiB,
    available: 14120044 * KiB,
    free: 9044112 * KiB,
    swapTotal: 0,
    swapFree: 0,
    adminReserve: 8 * MiB,
    userReserve: 128 * MiB,
    commitLimit: 4 * GiB,
    committed: 1404116 * KiB,
    overcommitMode: 2,
    maxMapCount: 65530,
    mapCount: 6,
  },
  container: { kind: undefined, readOnlySysfs: false, otherMountNamespace: false, poolsWritable: true },
};
