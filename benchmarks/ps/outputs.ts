/** What other tools print of the huge pages of processes, in MiB. */

/** `pmap -XX PID...`: under the columns from Size on it has sums of all processes so far; the last ones are of all. */
export function hugetlbInPmap(text: string): number {
  const lines = text.split('\n');
  const titles = wordsOf(lines.find((line) => line.includes('Address')) ?? '');
  const places = ['Shared_Hugetlb', 'Private_Hugetlb'].map((title) => titles.indexOf(title) - titles.indexOf('Size'));
  const sums = wordsOf(lines.findLast((_, index) => lines[index - 1]?.includes('====')) ?? '');
  return sum(places.map((place) => Number(sums[place]))) / 1024;
}

/** `numastat -p PID`: of all nodes. */
export function hugeInNumastat(text: string): number {
  return lastNumber(/^Huge .*$/m, text);
}

/** `numastat -m`: of all nodes. */
export function poolInNumastat(text: string): number {
  return lastNumber(/^HugePages_Total.*$/m, text);
}

/** `smem -H -c 'pid rss'`, of some processes. */
export function residentInSmem(text: string, pids: readonly string[]): number {
  const rows = text.split('\n').map(wordsOf);
  return sum(rows.filter(([pid = '']) => pids.includes(pid)).map(([, kibibytes]) => Number(kibibytes))) / 1024;
}

/** `page-types --pid PID --bits huge` */
export function totalInPageTypes(text: string): number {
  return lastNumber(/^ +total.*$/m, text);
}

function lastNumber(line: RegExp, text: string): number {
  return Number(wordsOf(line.exec(text)?.[0] ?? '').at(-1));
}

function wordsOf(line: string): string[] {
  return line.trim().split(/\s+/);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
