/** Changes as a unified diff. */
import type { Step } from './items.js';
import { pagesOf, parsePageCounts } from './page-counts.js';

/** A step: a file line by line, everything else by its value. */
export function diffOf({ kind, path, before, after }: Step): string {
  if (kind === 'file' || kind === 'setting' || kind === 'overcommit') return unifiedDiff(path, before, after);
  if (kind === 'pool-pages' && before !== undefined && after !== undefined) return unifiedDiff(path, ...alike(before, after));
  return unifiedDiff(`${path} (${kind})`, before, after);
}

/** By node only where both are, and where there is more than one. */
function alike(before: string, after: string): [string, string] {
  const counts = [before, after].map(parsePageCounts);
  const byNode = counts.every((count) => !count.has(undefined)) && counts.some(({ size }) => size > 1);
  return byNode ? [before, after] : (counts.map((count) => String(pagesOf(count, undefined))) as [string, string]);
}

/** The lines of both texts, each with its sign: blank for both, `-` for the first only, `+` for the second only. */
export function diffLines(before: readonly string[], after: readonly string[]): string[] {
  const lengths = commonLengths(before, after);
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, added] = [before[i], after[j]];
    if (old !== undefined && old === added) {
      lines.push(` ${old}`);
      i++;
      j++;
    } else if (old !== undefined && (added === undefined || (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
      lines.push(`-${old}`);
      i++;
    } else {
      lines.push(`+${added ?? ''}`);
      j++;
    }
  }
  return lines;
}

/** `[i][j]`: how many lines the ends from `i` and from `j` have in common, in order. */
function commonLengths(before: readonly string[], after: readonly string[]): number[][] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const row = lengths[i] ?? [];
      row[j] = before[i] === after[j] ? 1 + (lengths[i + 1]?.[j + 1] ?? 0) : Math.max(lengths[i + 1]?.[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

/** Both texts whole, one hunk: they are short. Undefined stands for what is not there. */
export function unifiedDiff(path: string, before: string | undefined, after: string | undefined): string {
  const [old, now] = [lines(before), lines(after)];
  const range = (sign: string, count: number): string => `${sign}${count === 0 ? '0' : '1'},${String(count)}`;
  const name = (text: string | undefined): string => (text === undefined ? '/dev/null' : path);
  const head = [`--- ${name(before)}`, `+++ ${name(after)}`, `@@ ${range('-', old.length)} ${range('+', now.length)} @@`];
  return [...head, ...diffLines(old, now)].map((line) => `${line}\n`).join('');
}

function lines(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
