/** The kernel's list format for sets of CPUs and of NUMA nodes: `0-3,8`. */

/** No kernel has more CPUs or nodes. */
const MAX_NUMBER = 2 ** 16;

/** `0-3,8` → 0, 1, 2, 3, 8. An empty text is an empty list; what is no number or range is left out. */
export function parseCpuList(text: string): number[] {
  return text
    .trim()
    .split(',')
    .flatMap((part) => {
      const match = /^(\d+)(?:-(\d+))?$/.exec(part);
      const first = Number(match?.[1]);
      const last = Number(match?.[2] ?? match?.[1]);
      return last < MAX_NUMBER && first <= last ? Array.from({ length: last - first + 1 }, (_, index) => first + index) : [];
    });
}

/** 0, 1, 2, 3, 8 → `0-3,8`. The numbers must ascend. */
export function formatCpuList(numbers: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run?.[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? String(first) : `${String(first)}-${String(last)}`)).join(',');
}
