/** What other tools say of the huge pages of processes. */
import { execFileSync } from 'node:child_process';
import { pageTypesProgram } from '../pagemap/page-types.js';
import { output } from '../support/programs.js';
import type { ClaimName } from '../summary/claims.js';
import { hugeInNumastat, hugetlbInPmap, residentInSmem, sum, totalInPageTypes } from './outputs.js';

export interface Tool {
  readonly name: string;
  /** What the README says of it, where there are many processes. */
  readonly claim: ClaimName;
  /**
   * @returns MiB in all of them together
   * @throws NotInstalled, Unavailable
   */
  readonly says: (pids: readonly string[]) => number;
}

export const TOOLS: readonly Tool[] = [
  { name: 'pmap -XX', claim: 'ps of 100 by pmap', says: (pids) => hugetlbInPmap(output('procps', 'pmap', ['-XX', ...pids])) },
  // Of several processes at once it says all their memory in one sum.
  {
    name: 'numastat -p',
    claim: 'ps of 100 by numastat',
    says: (pids) => sum(pids.map((pid) => hugeInNumastat(output('numactl', 'numastat', ['-p', pid])))),
  },
  // It has no column for them: these are the pages that it knows of.
  {
    name: 'smem -c rss',
    claim: 'ps of 100 by smem',
    says: (pids) => residentInSmem(output('smem', 'smem', ['-H', '-c', 'pid rss']), pids),
  },
  { name: 'page-types', claim: 'ps of 100 by page-types', says: (pids) => sum(pids.map((pid) => totalInPageTypes(pageTypes(pid)))) },
];

function pageTypes(pid: string): string {
  return execFileSync(pageTypesProgram(), ['--pid', pid, '--bits', 'huge'], { encoding: 'utf8' });
}
