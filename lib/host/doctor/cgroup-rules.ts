/** Whether the cgroups of this process let it have what the pools have. */
import { formatSize } from '../../units.js';
import { hugetlbFile } from '../cgroups.js';
import type { HugetlbCgroupLevel, HugetlbCgroupLimits } from '../cgroups.js';
import { raiseCgroup } from '../raise-cgroup.js';
import type { Facts } from './facts.js';
import type { Finding } from './finding.js';

/** One finding for each pool with pages that a cgroup limits. */
export function cgroupFindings({ pools, cgroups }: Facts): Finding[] {
  return cgroups.hugetlb.flatMap((controlled) => {
    const total = pools.find(({ pageSize }) => pageSize === controlled.pageSize)?.total ?? 0;
    return total === 0 ? [] : [finding(controlled, total * controlled.pageSize)];
  });
}

type Kind = 'limit' | 'reservedLimit';

function finding({ pageSize, version, readOnly, levels }: HugetlbCgroupLimits, poolBytes: number): Finding {
  const name = formatSize(pageSize);
  const id = `cgroup:${name}`;
  const narrow = (['limit', 'reservedLimit'] as Kind[]).flatMap((kind) =>
    levels.filter((level) => level[kind] < poolBytes).map((level) => ({ kind, level })),
  );
  if (narrow.length === 0) {
    return { id, level: 'ok', title: `The cgroup allows all of the ${name} pool`, detail: 'Those above it allow it too.' };
  }
  const left = Math.min(...narrow.map(({ kind, level }) => level[kind] - used(level, kind)));
  const lift = narrow.map(({ kind, level }) => {
    const file = `${level.directory}/${hugetlbFile(version, pageSize, kind)}`;
    return [file, version === 2 ? 'max' : -1] as const;
  });
  const paths = [...new Set(narrow.map(({ level }) => level.path))];
  return {
    id,
    level: left < pageSize ? 'problem' : 'advice',
    title: `A cgroup leaves this process ${formatSize(Math.max(0, left))} of the ${name} pool's ${formatSize(poolBytes)}`,
    detail:
      `${paths.join(' and ')} ${paths.length === 1 ? 'limits' : 'limit'} it: ` +
      'beyond the reservation limit mmap is ENOMEM, beyond the other one a touch is SIGBUS.',
    remedy: raiseCgroup('Lift the limit', readOnly, Object.fromEntries(lift)),
  };
}

function used(level: HugetlbCgroupLevel, kind: Kind): number {
  return kind === 'limit' ? level.usage : level.reservedUsage;
}
