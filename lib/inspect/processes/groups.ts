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

/** Largest first. */
export function groupByCgroup(accounts: readonly ProcessAccount[]): ProcessGroup[] {
  const cgroups = [...new Set(accounts.map(({ cgroup }) => cgroup))];
  return cgroups.map((cgroup) => groupOf(accounts.filter((account) => account.cgroup === cgroup))).sort((a, b) => b.total - a.total);
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
