/** Two results beside each other, for people. */
import type { BenchComparison, BenchDifference } from '../../bench/compare.js';
import { printable } from '../printable.js';
import { bad, good, heading, table } from '../render.js';
import { percent, quantity, ratioText } from './numbers.js';

/** @param all - also what is the same */
export function renderComparison(comparison: BenchComparison, all: boolean): string[] {
  const { benchmark, clock, differences, machines, onlyBefore, onlyAfter } = comparison;
  const counts = (['better', 'worse', 'same', 'unclear'] as const).map((verdict) => {
    return `${String(differences.filter((one) => one.verdict === verdict).length)} ${verdict}`;
  });
  const shown = all ? differences : differences.filter(({ verdict }) => verdict !== 'same');
  const lines = table([['', 'before', 'after', 'after by before', 'noise', ''], ...shown.map(row)], [0, 5]);
  return [
    heading(`bench compare: ${printable(benchmark)}`),
    `  ${counts.join(', ')}. Better and worse: with 95 % confidence, beyond the noise floor of both and their clocks.`,
    `  A cycle of the processor, after by before: ${ratioText(clock)}.`,
    ...(machines.length === 0 ? [] : [`  The machines differ in ${printable(machines.join(', '))}: differences may be theirs.`]),
    ...only('before', onlyBefore),
    ...only('after', onlyAfter),
    ...(shown.length === 0 ? [] : ['', ...lines.map(coloured)]),
    ...(shown.length === differences.length ? [] : ['', '  With --all, what is the same is listed as well.']),
  ];
}

/** Colour last: it has no width. */
function coloured(line: string): string {
  return line.replace(/ better$/, good(' better')).replace(/ worse$/, bad(' worse'));
}

function row({ id, before, after, unit, noise, verdict, ...ratio }: BenchDifference): string[] {
  const sides = [before, after].map((value) => printable(quantity(value, unit)));
  return [printable(id), ...sides, ratioText(ratio), percent(noise), verdict];
}

function only(side: string, ids: readonly string[]): string[] {
  return ids.length === 0 ? [] : [`  Only ${side}: ${printable(ids.join(', '))}`];
}
