/** What this user's processes may do with huge pages. */
import { formatSize, MiB } from '../../units.js';
import type { PoolSnapshot } from '../pools/pools.js';
import { raiseLimit } from '../raise-limit.js';
import { writeRemedy } from '../remedy.js';
import type { Remedy } from '../remedy.js';
import type { Facts } from './facts.js';
import type { Finding } from './finding.js';

export function processFindings(facts: Facts): Finding[] {
  return [memlockFinding(facts), ...sharedMemoryFindings(facts)];
}

/** Where the pools want no more: the default of the kernel since Linux 5.16. Before it was 64 KiB. */
const WANTED_LOCK = 8 * MiB;

function memlockFinding({ pools, limits }: Facts): Finding {
  const id = 'memlock';
  const { memlock, capabilities } = limits;
  const wanted = Math.max(WANTED_LOCK, ...pools.map(bytesOf));
  if (capabilities.ipcLock || memlock.soft >= wanted) {
    const title = capabilities.ipcLock ? 'This user may lock any memory' : `This user may lock ${formatLock(memlock.soft)}`;
    return { id, level: 'ok', title, detail: 'lock() of a region and registered buffers count.' };
  }
  return {
    id,
    level: 'advice',
    title: `This user may lock ${formatLock(memlock.soft)} of memory`,
    detail:
      `lock() of more is ENOMEM; ${formatSize(wanted)} would do. ` +
      'For good: memlock in /etc/security/limits.d, LimitMEMLOCK= of a service.',
    remedy: raiseLimit('memlock', wanted, limits),
  };
}

function formatLock(bytes: number): string {
  return bytes === Infinity ? 'any memory' : formatSize(bytes);
}

function bytesOf({ pageSize, total }: PoolSnapshot): number {
  return pageSize * total;
}

/** SysV segments on huge pages. */
function sharedMemoryFindings({ pools, limits, container }: Facts): Finding[] {
  const { hugetlbShmGroup, mayMakeHugetlbShm, shmmax } = limits;
  if (hugetlbShmGroup === undefined) return [];
  const allowed = `vm.hugetlb_shm_group is ${String(hugetlbShmGroup)}`;
  const group: Finding = mayMakeHugetlbShm
    ? { id: 'shm-group', level: 'ok', title: 'This user may make SHM_HUGETLB segments', detail: `${allowed}.` }
    : {
        id: 'shm-group',
        level: 'advice',
        title: 'This user may make no SHM_HUGETLB segments',
        detail: `shmget is EPERM without CAP_IPC_LOCK: ${allowed}. Only programs with SysV memory need it.`,
        remedy: shmGroupRemedy(limits, container),
      };
  const largest = Math.max(0, ...pools.map(bytesOf));
  if (shmmax === undefined || shmmax >= largest) return [group];
  return [
    group,
    {
      id: 'shmmax',
      level: 'advice',
      title: `A SysV segment may have ${formatSize(shmmax)}, and the pool has ${formatSize(largest)}`,
      detail: 'shmget of more is EINVAL.',
      remedy: writeRemedy('Let a segment take all of the pool', '/proc/sys/kernel/shmmax', largest),
    },
  ];
}

function shmGroupRemedy({ groups, uid }: Facts['limits'], { otherUserNamespace }: Facts['container']): Remedy {
  if (!otherUserNamespace) return writeRemedy('Allow it to a group of this user', '/proc/sys/vm/hugetlb_shm_group', groups[0] ?? uid);
  const where = 'on the host, by the number that the group has there: /proc/self/gid_map';
  return { sentence: `Allow it to a group of this user in vm.hugetlb_shm_group, ${where}`, needsRoot: true };
}
