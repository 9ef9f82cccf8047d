/** Processes by cgroup. */
import type { ProcessAccount } from './account.js';
import type { ContainerId } from './container-id.js';
import { hugetlbBytes, sumOf, thpBytes } from './use.js';
import type { HugePageUse } from './use.js';

/** A cgroup and its own processes, without those of the cgroups below. A page that two of them map counts twice. */
export interface ProcessGroup extends HugePageUse {
  /** Undefined for processes whose cgroup is hidden. */
  readonly cgroup: string | undefined;
  readonly container: ContainerId | undefined;
  /** Ascending. */
  readonly pids: readonly number[];
  /** All their huge pages in bytes. */
  readonly total: number;
}

/** Those of `ORDERS` that a group has. */
export const GROUP_ORDERS = ['total', 'hugetlb', 'thp', 'name'] as const;
export type GroupOrder = (typeof GROUP_ORDERS)[number];

const COMPARISONS: Readonly<Record<GroupOrder, (a: ProcessGroup, b: ProcessGroup) => number>> = {
  total: (a, b) => b.total - a.total,
  hugetlb: (a, b) => hugetlbBytes(b) - hugetlbBytes(a),
  thp: (a, b) => thpBytes(b) - thpBytes(a),
  name: (a, b) => (a.cgroup ?? '').localeCompare(b.cgroup ?? ''),
};

/** By `order`, as processes are: sizes largest first; the name is that of the cgroup. */
export function groupByCgroup(accounts: readonly ProcessAccount[], order: GroupOrder): ProcessGroup[] {
  const cgroups = [...new Set(accounts.map(({ cgroup }) => cgroup))];
  return cgroups.map((cgroup) => groupOf(accounts.filter((account) => account.cgroup === cgroup))).sort(COMPARISONS[order]);
}

function groupOf(accounts: readonly ProcessAccount[]): ProcessGroup {
  const use = sumOf(accounts);
  return {
    cgroup: accounts[0]?.cgroup,
    container: accounts[0]?.container,
    pids: accounts.map(({ pid }) => pid).sort((a, b) => a - b),
    ...use,
    total: hugetlbBytes(use) + thpBytes(use),
  };
}
