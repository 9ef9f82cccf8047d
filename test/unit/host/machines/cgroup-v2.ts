import { GiB, KiB, MiB } from '../../../../lib/units.js';
import { PLAIN_MOUNT } from './readings.js';
import type { Readings } from './readings.js';

const CGROUP = '/sys/fs/cgroup';
const USERS = '/user.slice';
const USER = `${USERS}/user-1000.slice`;
const MANAGER = `${USER}/user@1000.service`;
const APPS = `${MANAGER}/app.slice`;
const SERVICE = `${APPS}/cache.service`;

/**
 * Linux 6.8 with cgroup v2 that counts hugetlb pages as memory. A user's service five levels down, hugetlb limited on the upper two; its
 * group may make SysV segments. A mount of a part of the hierarchy comes before the whole one.
 */
export const cgroupV2: Readings = {
  pools: [
    {
      pageSize: 2 * MiB,
      total: 128,
      free: 100,
      reserved: 12,
      surplus: 0,
      overcommit: 32,
      mempolicy: 128,
      isDefault: true,
      perNode: [{ node: 0, total: 128, free: 100, surplus: 0 }],
    },
    {
      pageSize: GiB,
      total: 1,
      free: 1,
      reserved: 0,
      surplus: 0,
      overcommit: 0,
      mempolicy: 1,
      demoteSize: 2 * MiB,
      isDefault: false,
      perNode: [{ node: 0, total: 1, free: 1, surplus: 0 }],
    },
  ],
  mounts: [
    {
      ...PLAIN_MOUNT,
      id: 35,
      device: '0:31',
      mountPoint: '/dev/hugepages',
      pageSize: 2 * MiB,
      gid: 4000,
      mode: 0o1770,
      options: ['rw', 'nosuid', 'nodev', 'relatime', 'gid=4000', 'mode=1770', 'pagesize=2M'],
    },
    {
      ...PLAIN_MOUNT,
      id: 36,
      device: '0:33',
      mountPoint: '/mnt/cache',
      pageSize: 2 * MiB,
      size: 64 * MiB,
      minSize: 16 * MiB,
      nrInodes: 8,
      uid: 1000,
      gid: 1000,
      mode: 0o700,
      options: [
        ...['rw', 'relatime', 'uid=1000', 'gid=1000', 'mode=700', 'nr_inodes=8'],
        ...['pagesize=2M', 'size=67108864', 'min_size=16777216'],
      ],
    },
  ],
  thp: { enabled: 'madvise', defrag: 'madvise', shmem: 'never', pmdSize: 2 * MiB, khugepagedDefrag: true, processEnabled: true },
  numaNodes: [{ node: 0, cpus: [0, 1, 2, 3, 4, 5, 6, 7] }],
  limits: {
    memlock: { soft: 8 * MiB, hard: 8 * MiB },
    addressSpace: { soft: Infinity, hard: Infinity },
    data: { soft: Infinity, hard: Infinity },
    lockedBytes: 0,
    mappedBytes: 940032 * KiB,
    dataBytes: 88064 * KiB,
    uid: 1000,
    groups: [1000, 27, 4000],
    capabilities: { ipcLock: false, sysAdmin: false, sysResource: false },
    allowedCpus: [0, 1, 2, 3, 4, 5, 6, 7],
    allowedMems: [0],
    thpEnabled: true,
    hugetlbShmGroup: 4000,
    mayMakeHugetlbShm: true,
    shmmax: Infinity,
    shmall: Infinity,
  },
  cgroupLimits: {
    hugetlb: [
      {
        pageSize: 2 * MiB,
        version: 2,
        readOnly: false,
        levels: [
          {
            path: USER,
            directory: `${CGROUP}${USER}`,
            limit: 64 * MiB,
            usage: 40 * MiB,
            reservedLimit: 80 * MiB,
            reservedUsage: 48 * MiB,
          },
          {
            path: USERS,
            directory: `${CGROUP}${USERS}`,
            limit: 128 * MiB,
            usage: 56 * MiB,
            reservedLimit: Infinity,
            reservedUsage: 80 * MiB,
          },
        ],
      },
      {
        pageSize: GiB,
        version: 2,
        readOnly: false,
        levels: [
          { path: USER, directory: `${CGROUP}${USER}`, limit: 0, usage: 0, reservedLimit: 0, reservedUsage: 0 },
          { path: USERS, directory: `${CGROUP}${USERS}`, limit: Infinity, usage: 0, reservedLimit: GiB, reservedUsage: 0 },
        ],
      },
    ],
    memory: {
      version: 2,
      readOnly: false,
      levels: [
        { path: SERVICE, directory: `${CGROUP}${SERVICE}`, limit: 512 * MiB, usage: 212 * MiB, reclaimable: 96 * MiB },
        { path: APPS, directory: `${CGROUP}${APPS}`, limit: Infinity, usage: 288 * MiB, reclaimable: 0 },
        { path: MANAGER, directory: `${CGROUP}${MANAGER}`, limit: Infinity, usage: 308 * MiB, reclaimable: 0 },
        { path: USER, directory: `${CGROUP}${USER}`, limit: 4 * GiB, usage: 1280 * MiB, reclaimable: 0 },
        { path: USERS, directory: `${CGROUP}${USERS}`, limit: Infinity, usage: 1536 * MiB, reclaimable: 0 },
      ],
    },
    accountsHugetlb: true,
  },
  memoryState: {
    total: 32594164 * KiB,
    available: 26120044 * KiB,
    free: 18044112 * KiB,
    swapTotal: 0,
    swapFree: 0,
    adminReserve: 8 * MiB,
    userReserve: 128 * MiB,
    commitLimit: 16297080 * KiB,
    committed: 5204116 * KiB,
    overcommitMode: 0,
    maxMapCount: 1048576,
    mapCount: 9,
  },
  container: { kind: undefined, readOnlySysfs: false, otherMountNamespace: undefined, otherUserNamespace: false, poolsWritable: false },
  vmstat: {
    compact_stall: 31,
    compact_fail: 20,
    compact_success: 11,
    htlb_buddy_alloc_success: 128,
    htlb_buddy_alloc_fail: 1,
    thp_fault_alloc: 90212,
    thp_fault_fallback: 1203,
    thp_collapse_alloc: 416,
    thp_split_page: 88,
    thp_split_pmd: 901,
  },
};
