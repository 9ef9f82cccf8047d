/** Two results beside each other, for people. */
import type { BenchComparison, BenchDifference } from '../../bench/compare.js';
import { bad, good, heading, table } from '../render.js';
import { digits, ratioText } from './numbers.js';

export function renderComparison({ benchmark, clock, differences, machines, onlyBefore, onlyAfter }: BenchComparison): string[] {
  const counts = (['better', 'worse', 'same', 'unclear'] as const).map((verdict) => {
    return `${String(differences.filter((one) => one.verdict === verdict).length)} ${verdict}`;
  });
  const lines = table([['', 'before', 'after', '', 'after by before', ''], ...differences.map(row)], [0, 3, 5]);
  return [
    heading(`bench compare: ${benchmark}`),
    // Colour last: it has no width.
    ...lines.map((line) => line.replace(/ better$/, good(' better')).replace(/ worse$/, bad(' worse'))),
    '',
    `  ${counts.join(', ')}. Better and worse: with 95 % confidence, beyond the noise floor of both and their clocks.`,
    `  A cycle of the processor, after by before: ${ratioText(clock)}.`,
    ...(machines.length === 0 ? [] : [`  The machines differ in ${machines.join(', ')}: differences may be theirs.`]),
    ...only('before', onlyBefore),
    ...only('after', onlyAfter),
  ];
}

function row({ id, before, after, unit, verdict, ...ratio }: BenchDifference): string[] {
  return [id, digits(before), digits(after), unit, ratioText(ratio), verdict];
}

function only(side: string, ids: readonly string[]): string[] {
  return ids.length === 0 ? [] : [`  Only ${side}: ${ids.join(', ')}`];
}
