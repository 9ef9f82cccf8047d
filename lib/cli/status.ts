/** `hugepages status`: what the machine offers this process. */
import { parseArgs } from 'node:util';
import { formatCpuList } from '../host/cpu-list.js';
import { limits } from '../host/limits.js';
import type { ProcessLimits } from '../host/limits.js';
import { mounts } from '../host/mounts/mounts.js';
import type { HugetlbfsMount } from '../host/mounts/mounts.js';
import { pools } from '../host/pools/pools.js';
import type { PoolSnapshot } from '../host/pools/pools.js';
import { thp } from '../host/thp.js';
import type { ThpState } from '../host/thp.js';
import { formatSize } from '../units.js';
import type { Command } from './command.js';
import { print } from './output.js';
import { renderMounts } from './render-mounts.js';
import { renderPools } from './render-pools.js';
import { formatLimit, heading, list } from './render.js';

/** What `hugepages status --json` prints. A key is missing where the kernel has no such thing; null is a limit that is infinite. */
export interface StatusReport {
  readonly pools: readonly PoolSnapshot[];
  readonly thp: ThpState;
  readonly mounts: readonly HugetlbfsMount[];
  readonly limits: ProcessLimits;
}

const HELP = `Usage: hugepages status [--json]

Shows the hugetlb pools, the settings of transparent huge pages, the hugetlbfs
mounts, and what this process is allowed. Changes nothing, and needs no root.

Options:
  --json   one JSON object; sizes are bytes, pools count pages:
             pools[]  pageSize, total, free, reserved, surplus, overcommit,
                      isDefault, perNode[] { node, total, free, surplus }
             thp      enabled, defrag, shmem, pmdSize, khugepagedDefrag
             mounts[] mountPoint, pageSize, size, minSize, nrInodes, options[]
             limits   memlock { soft, hard }, capabilities { ipcLock, sysAdmin },
                      allowedCpus[], allowedMems[], thpEnabled, hugetlbShmGroup,
                      shmmax, shmall (base pages)
           A key is missing where the kernel has no such thing; null means that
           there is no limit.
  --help   this text

Examples:
  hugepages status
  hugepages status --json | jq '.pools[] | select(.isDefault).free'
`;

export const status: Command = {
  help: HELP,
  run(args) {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } });
    const report: StatusReport = { pools: pools(), thp: thp(), mounts: mounts(), limits: limits() };
    print(report, values.json, renderStatus);
    return 0;
  },
};

/** The report as lines for people. */
export function renderStatus(report: StatusReport): string[] {
  const section = (title: string, lines: readonly string[]): string[] => [heading(title), ...lines, ''];
  return [
    ...section('hugetlb pools', renderPools(report.pools)),
    ...section('Transparent huge pages', renderThp(report.thp, report.limits.thpEnabled)),
    ...section('hugetlbfs mounts', renderMounts(report.mounts)),
    ...section('This process', renderLimits(report.limits)),
  ].slice(0, -1);
}

function renderThp(state: ThpState, thpEnabled: boolean | undefined): string[] {
  if (state.enabled === undefined) return ['  none: this kernel has no transparent huge pages'];
  return list([
    ['enabled', `${state.enabled}${thpEnabled === false ? ', but taken from this process by prctl(PR_SET_THP_DISABLE)' : ''}`],
    ['page size', state.pmdSize === undefined ? 'unknown' : formatSize(state.pmdSize)],
    ['defrag', state.defrag ?? 'unknown'],
    ['shared memory', state.shmem ?? 'unknown'],
    ['khugepaged defrag', state.khugepagedDefrag === undefined ? 'unknown' : yesNo(state.khugepagedDefrag)],
  ]);
}

function renderLimits(state: ProcessLimits): string[] {
  const { hugetlbShmGroup, shmmax } = state;
  return list([
    ['locked memory', `${formatLimit(state.memlock.soft)}, at most ${formatLimit(state.memlock.hard)}`],
    ['CAP_IPC_LOCK', yesNo(state.capabilities.ipcLock)],
    ['CAP_SYS_ADMIN', yesNo(state.capabilities.sysAdmin)],
    ['CPUs', formatCpuList(state.allowedCpus)],
    ['NUMA nodes', formatCpuList(state.allowedMems)],
    ['SHM_HUGETLB group', hugetlbShmGroup === undefined ? 'unknown' : String(hugetlbShmGroup)],
    ['largest SysV segment', shmmax === undefined ? 'unknown' : formatLimit(shmmax)],
  ]);
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
