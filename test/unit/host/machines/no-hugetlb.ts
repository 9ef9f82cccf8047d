import { KiB, MiB } from '../../../../lib/units.js';
import type { Readings } from './readings.js';

/** Linux 6.12 for a small virtual machine, built without hugetlb, shared THP, NUMA and cgroups. */
export const noHugetlb: Readings = {
  pools: [],
  mounts: [],
  thp: { enabled: 'madvise', defrag: 'madvise', shmem: undefined, pmdSize: 2 * MiB, khugepagedDefrag: true, processEnabled: true },
  numaNodes: [{ node: 0, cpus: [0] }],
  limits: {
    memlock: { soft: 8 * MiB, hard: 8 * MiB },
    addressSpace: { soft: Infinity, hard: Infinity },
    data: { soft: Infinity, hard: Infinity },
    lockedBytes: 0,
    mappedBytes: 760000 * KiB,
    dataBytes: 58124 * KiB,
    uid: 100,
    groups: [101],
    capabilities: { ipcLock: false, sysAdmin: false },
    allowedCpus: [0],
    allowedMems: [0],
    thpEnabled: true,
    hugetlbShmGroup: undefined,
    mayMakeHugetlbShm: false,
    shmmax: Infinity,
    shmall: Infinity,
  },
  cgroupLimits: { hugetlb: [], memory: { version: undefined, levels: [] }, accountsHugetlb: false },
  memoryState: {
    total: 1004032 * KiB,
    available: 820044 * KiB,
    free: 604112 * KiB,
    swapTotal: 0,
    swapFree: 0,
    adminReserve: 0,
    userReserve: 0,
    commitLimit: 502016 * KiB,
    committed: 204116 * KiB,
    overcommitMode: 1,
    maxMapCount: 65530,
    mapCount: 7,
  },
  container: { kind: undefined, readOnlySysfs: false, otherMountNamespace: undefined, poolsWritable: false },
};
