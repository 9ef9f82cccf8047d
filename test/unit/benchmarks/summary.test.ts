import { expect, it } from 'vitest';
import type { BenchMachine } from '../../../lib/bench/types.js';
import { bounded, compared, figure } from '../../../benchmarks/support/measure.js';
import type { Finding } from '../../../benchmarks/support/measure.js';
import type { Result } from '../../../benchmarks/support/report.js';
import { summaryPage } from '../../../benchmarks/summary/page.js';
import { summarizeResults } from '../../../benchmarks/summary/summary.js';
import { comparisonTable } from '../../../benchmarks/summary/tables.js';

const MACHINE: BenchMachine = {
  kernel: '6.18',
  arch: 'x64',
  node: 'v24',
  cpu: 'Processor <of> this & that',
  cpus: 2,
  caches: [],
  virtual: true,
  memory: 2 ** 34,
  thp: { enabled: 'madvise', defrag: 'madvise', pmdSize: 2 ** 21 },
  loadAverage: 0,
};

function result(benchmark: string, findings: readonly Finding[], quick = false): Result {
  return { benchmark, date: '2026-11-22T00:00:00.000Z', quick, machine: MACHINE, findings };
}

function seven(sample: number): number[] {
  return Array.from({ length: 7 }, () => sample);
}

it('a ratio is how many times as fast as the peer this package is, round by round', () => {
  const { peer, unit, value } = compared('work', 'others', { ours: [1, 2, 10], theirs: [2, 6, 10] });
  expect({ peer, unit, median: value.median, max: value.max }).toEqual({ peer: 'others', unit: '', median: 2, max: 3 });
});

it('a bound is of the ratio, and one that is not kept is a failure', () => {
  const findings = [
    compared('kept', 'others', { ours: seven(1), theirs: seven(1) }, { atLeast: 1 }),
    compared('short', 'others', { ours: seven(2), theirs: seven(1) }, { atLeast: 1 }),
    compared('asked for nothing', 'others', { ours: seven(2), theirs: seven(1) }),
    bounded('no ratio', 'ms', seven(3), { of: 'max', relation: '<', limit: 3 }),
  ];
  const summary = summarizeResults(['one'], [result('one', findings)]);
  expect(summary.comparisons.map(({ ok }) => ok)).toEqual([true, false, undefined]);
  expect([summary.passed, summary.failed]).toEqual([2, 2]);
  expect(comparisonTable(summary).rows.map((row) => row.at(-1))).toEqual(['same', 'slower, short', 'slower']);
});

it.each([
  [[1.2, 1.3], 'faster'],
  [[0.5, 0.6], 'slower'],
  [[0.98, 1.02], 'same'],
  [[0.9, 1.2], 'unclear'],
])('a ratio of %j is %s', (ratios, verdict) => {
  const finding = compared('work', 'others', { ours: ratios.map(() => 1), theirs: ratios });
  expect(comparisonTable(summarizeResults(['one'], [result('one', [finding])])).rows[0]?.at(-1)).toBe(verdict);
});

it('what the machine cannot do is no failure; a peer that could be installed, an error and a benchmark without results are', () => {
  const findings: Finding[] = [
    { name: 'gigantic', reason: 'the kernel found 0 of 1 more pages of 1GiB', because: 'machine' },
    { name: 'smem', reason: 'smem is not installed: apt-get install -y smem', because: 'not installed' },
    { name: 'pmap', reason: 'pmap failed with 1', because: 'failed' },
  ];
  const { passed, failed, omissions } = summarizeResults(['one', 'two'], [result('one', findings)]);
  expect([passed, failed]).toEqual([1, 3]);
  expect(omissions.map(({ name, because }) => [name, because])).toEqual([
    ['gigantic', 'machine'],
    ['smem', 'not installed'],
    ['pmap', 'failed'],
    ['two', 'failed'],
  ]);
});

it.each([
  [[0.99], 'holds'],
  [[0.98, 1.06], 'holds'],
  [[0.9, 1], 'below'],
  [[1, 1.07], 'above'],
  [[0.9, 1.1], 'wider'],
  [[], 'not measured'],
])('of a claim of 0.98 to 1.06, medians of %j say: %s', (medians, verdict) => {
  const findings = medians.map((median) => figure('populating', '', [median], 'populate by madvise'));
  const [first] = summarizeResults(['one'], [result('one', findings)]).claims;
  expect(first?.verdict).toBe(verdict);
});

it('a quick run has no verdicts', () => {
  const findings = [compared('work', 'others', { ours: seven(2), theirs: seven(1) }, { claim: 'zero' })];
  const summary = summarizeResults(['one'], [result('one', findings, true)]);
  expect(summary.quick).toBe(true);
  expect(comparisonTable(summary).rows[0]?.at(-1)).toBe('');
});

it('the page has all of it as text and as JSON, and nothing of it is HTML', () => {
  const findings: Finding[] = [
    compared('work & <b>more</b>', 'others', { ours: seven(1), theirs: seven(2) }),
    { name: 'x', reason: '<script>', because: 'failed' },
  ];
  const summary = summarizeResults(['one'], [result('one', findings)]);
  const page = summaryPage(summary);
  expect(page).toContain('work &amp; &lt;b&gt;more&lt;/b&gt;');
  expect(page).toContain('Processor &lt;of&gt; this &amp; that');
  expect(page).not.toContain('<script>');
  const json = /<script type="application\/json" id="results">(.*)<\/script>/.exec(page)?.[1];
  expect(JSON.parse(json ?? '')).toEqual(JSON.parse(JSON.stringify(summary)));
});
