/** What the cgroups of the process limit, as a table. */
import type { CgroupLevel, CgroupLimits } from '../../host/cgroups.js';
import { formatSize } from '../../units.js';
import { printable } from '../printable.js';
import { formatLimit, table } from '../render.js';

/** One row for each limit of each cgroup, from the process's own upwards. A cgroup that does not limit has none. */
export function renderCgroups({ hugetlb, memory, accountsHugetlb }: CgroupLimits): string[] {
  const rows = [
    ...hugetlb.flatMap(({ pageSize, levels }) => {
      const pages = `${formatSize(pageSize)} pages`;
      const reserved = levels.map(({ path, directory, reservedLimit, reservedUsage }) => {
        return { path, directory, limit: reservedLimit, usage: reservedUsage };
      });
      return [...limiting(`${pages} present`, levels), ...limiting(`${pages} reserved`, reserved)];
    }),
    ...limiting(accountsHugetlb ? 'memory with hugetlb' : 'memory', memory.levels),
  ];
  return rows.length === 0 ? ['  none'] : table([['cgroup', 'used', 'limit'], ...rows]);
}

function limiting(what: string, levels: readonly CgroupLevel[]): string[][] {
  return levels
    .filter(({ limit }) => limit !== Infinity)
    .map(({ path, limit, usage }) => [`${printable(path)}: ${what}`, formatSize(usage), formatLimit(limit)]);
}
