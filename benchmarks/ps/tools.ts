/** What other tools say of the huge pages of processes. */
import { execFileSync } from 'node:child_process';
import { pageTypesProgram } from '../pagemap/page-types.js';
import { output } from '../support/programs.js';

export interface Tool {
  readonly name: string;
  /**
   * @returns MiB in all of them together
   * @throws NotInstalled, Unavailable
   */
  readonly says: (pids: readonly string[]) => number;
}

export const TOOLS: readonly Tool[] = [
  { name: 'pmap -XX', says: (pids) => hugetlbInPmap(output('procps', 'pmap', ['-XX', ...pids])) },
  // Of several processes at once it says all their memory in one sum.
  { name: 'numastat -p', says: (pids) => sum(pids.map((pid) => lastNumber(/^Huge.*$/m, output('numactl', 'numastat', ['-p', pid])))) },
  // It has no column for them: these are the pages that it knows of.
  { name: 'smem -c rss', says: (pids) => residentInSmem(output('smem', 'smem', ['-H', '-c', 'pid rss']), new Set(pids)) },
  { name: 'page-types', says: (pids) => sum(pids.map((pid) => lastNumber(/^ +total.*$/m, pageTypes(pid)))) },
];

function pageTypes(pid: string): string {
  return execFileSync(pageTypesProgram(), ['--pid', pid, '--bits', 'huge'], { encoding: 'utf8' });
}

/** Under the columns from Size on it has sums of all processes so far; the last ones are of all. */
function hugetlbInPmap(text: string): number {
  const lines = text.split('\n');
  const titles = wordsOf(lines.find((line) => line.includes('Address')) ?? '');
  const places = ['Shared_Hugetlb', 'Private_Hugetlb'].map((title) => titles.indexOf(title) - titles.indexOf('Size'));
  const sums = wordsOf(lines.findLast((_, index) => lines[index - 1]?.includes('====')) ?? '');
  return sum(places.map((place) => Number(sums[place]))) / 1024;
}

function residentInSmem(text: string, pids: ReadonlySet<string>): number {
  const rows = text.split('\n').map(wordsOf);
  return sum(rows.filter(([pid = '']) => pids.has(pid)).map(([, kibibytes]) => Number(kibibytes))) / 1024;
}

/** Of the line: MiB, of all nodes. */
function lastNumber(line: RegExp, text: string): number {
  return Number(wordsOf(line.exec(text)?.[0] ?? '').at(-1) ?? 0);
}

function wordsOf(line: string): string[] {
  return line.trim().split(/\s+/);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
