/** A summary as tables, for the terminal and for a page. */
import { beyondNoise } from '../../lib/bench/statistics.js';
import { digits } from '../../lib/cli/bench/numbers.js';
import { boundText } from '../support/measure.js';
import type { Claim } from './claims.js';
import type { Comparison, Summary } from './summary.js';

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Less than this beside 1 is taken for no difference: what two programs that do the same differ by on a shared machine. */
const SAME = 0.03;

export function comparisonTable({ comparisons, quick }: Summary): Table {
  const rows = comparisons.map((comparison) => {
    const { name, peer, value, bound } = comparison;
    const verdict = quick ? '' : verdictOf(comparison);
    return [name, peer, digits(value.median), `${digits(value.low)} to ${digits(value.high)}`, boundText(bound), verdict];
  });
  return { title: 'Beside others', columns: ['', 'beside', 'times as fast', '95 %', 'bound', ''], rows };
}

const VERDICTS = { above: 'faster', within: 'same', below: 'slower', unclear: 'unclear' } as const;

function verdictOf({ value, ok }: Comparison): string {
  const verdict = VERDICTS[beyondNoise(value, SAME)];
  return ok === false ? `${verdict}, short` : verdict;
}

export function claimTable({ claims, quick }: Summary): Table {
  const rows = claims.map(({ claim, seen, verdict }) => [
    plain(claim.what),
    plain(claim.peer ?? ''),
    rangeText(claim.low, claim.high),
    seen === undefined ? '' : rangeText(...rounded(seen)),
    claim.unit ?? '',
    quick && seen !== undefined ? '' : verdict,
  ]);
  return { title: 'Figures of the README', columns: ['', 'beside', 'README', 'seen', '', ''], rows };
}

/** The table of the README, in Markdown. */
export function figuresOfReadme(claims: readonly Claim[]): string[] {
  const rows = claims.map(({ what, peer = '', low, high, unit = 'times as fast' }) => [what, peer, `${rangeText(low, high)} ${unit}`]);
  return [['what', 'beside', 'seen'], ['---', '---', '---'], ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function rangeText(low: number, high: number): string {
  return low === high ? String(low) : `${String(low)} to ${String(high)}`;
}

function rounded({ low, high }: { readonly low: number; readonly high: number }): [number, number] {
  return [Number(digits(low)), Number(digits(high))];
}

function plain(markdown: string): string {
  return markdown.replaceAll('`', '');
}
