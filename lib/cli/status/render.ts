/** The report of `hugepages status` as lines for people. */
import type { ContainerState } from '../../host/container.js';
import { formatCpuList } from '../../host/cpu-list.js';
import type { ProcessLimits } from '../../host/limits.js';
import type { NodeMemory } from '../../host/node-memory.js';
import type { ResourceLimit } from '../../host/process-status.js';
import type { ThpState } from '../../host/thp.js';
import { formatSize } from '../../units.js';
import { printable } from '../printable.js';
import { renderMounts } from '../render-mounts.js';
import { renderPools } from '../render-pools.js';
import { formatLimit, heading, list, table } from '../render.js';
import type { StatusReport } from '../status.js';
import { renderCgroups } from './render-cgroups.js';

export function renderStatus(report: StatusReport): string[] {
  const section = (title: string, lines: readonly string[]): string[] => [heading(title), ...lines, ''];
  return [
    ...section('hugetlb pools', renderPools(report.pools)),
    ...section('Transparent huge pages', renderThp(report.thp)),
    ...section('Memory by NUMA node', renderNodes(report.nodes)),
    ...section('hugetlbfs mounts', renderMounts(report.mounts)),
    ...section('This process', renderLimits(report.limits)),
    ...section('Limits of its cgroups', renderCgroups(report.cgroups)),
    ...section('Container', renderContainer(report.container)),
  ].slice(0, -1);
}

function renderThp(state: ThpState): string[] {
  if (state.enabled === undefined) return ['  none: this kernel has no transparent huge pages'];
  return list([
    ['enabled', `${state.enabled}${state.processEnabled === false ? ', but taken from this process by prctl(PR_SET_THP_DISABLE)' : ''}`],
    ['page size', state.pmdSize === undefined ? 'unknown' : formatSize(state.pmdSize)],
    ['defrag', state.defrag ?? 'unknown'],
    ['shared memory', state.shmem ?? 'unknown'],
    ['khugepaged defrag', yesNo(state.khugepagedDefrag)],
  ]);
}

function renderNodes(nodes: readonly NodeMemory[]): string[] {
  if (nodes.length === 0) return ['  unknown'];
  const rows = nodes.map(({ node, total, free, anonHugePages, shmemHugePages, fileHugePages }) => [
    `node ${String(node)}`,
    ...[total, free, anonHugePages, shmemHugePages, fileHugePages].map(formatSize),
  ]);
  return table([['', 'total', 'free', 'anon THP', 'shmem THP', 'file THP'], ...rows]);
}

function renderLimits(state: ProcessLimits): string[] {
  const { hugetlbShmGroup, shmmax } = state;
  return list([
    ['locked memory', resource(state.memlock, state.lockedBytes)],
    ['address space', resource(state.addressSpace, state.mappedBytes)],
    ['data', resource(state.data, state.dataBytes)],
    ['CAP_IPC_LOCK', yesNo(state.capabilities.ipcLock)],
    ['CAP_SYS_ADMIN', yesNo(state.capabilities.sysAdmin)],
    ['CAP_SYS_RESOURCE', yesNo(state.capabilities.sysResource)],
    ['CPUs', formatCpuList(state.allowedCpus)],
    ['NUMA nodes', formatCpuList(state.allowedMems)],
    ['SHM_HUGETLB', `${yesNo(state.mayMakeHugetlbShm)}, group ${hugetlbShmGroup === undefined ? 'unknown' : String(hugetlbShmGroup)}`],
    ['largest SysV segment', shmmax === undefined ? 'unknown' : formatLimit(shmmax)],
  ]);
}

function resource({ soft, hard }: ResourceLimit, used: number): string {
  return `${formatSize(used)} of ${formatLimit(soft)}, at most ${formatLimit(hard)}`;
}

function renderContainer(state: ContainerState): string[] {
  return list([
    ['kind', printable(state.kind ?? 'none that shows')],
    ['sysfs', state.readOnlySysfs ? 'read-only' : 'writable'],
    ['may change the pools', yesNo(state.poolsWritable)],
    ['mounts of its own', yesNo(state.otherMountNamespace)],
  ]);
}

function yesNo(value: boolean | undefined): string {
  if (value === undefined) return 'unknown';
  return value ? 'yes' : 'no';
}
