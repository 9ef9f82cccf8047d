/** Results as people see them. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { BenchComparison, BenchDifference } from '../../../../lib/bench/compare.js';
import type { TlbGain } from '../../../../lib/bench/tlb/types.js';
import type { BenchResult } from '../../../../lib/bench/types.js';
import { digits, quantity } from '../../../../lib/cli/bench/numbers.js';
import { renderComparison } from '../../../../lib/cli/bench/render-comparison.js';
import { renderResult, renderTlb } from '../../../../lib/cli/bench/render.js';
import { summaryOf } from '../../../../lib/cli/bench/summary.js';
import { ADVISE_RESULT, BASE, FORK_RESULT, HUGETLB, PREFAULT_RESULT, RICH_TLB_RESULT, TLB_RESULT } from '../../../support/bench-results.js';

/** Without colours, which a test run may have. */
function shown(lines: readonly string[]): string {
  return stripVTControlCharacters(lines.join('\n'));
}

it('renderTlb', () => {
  expect(shown(renderTlb(TLB_RESULT))).toMatchInlineSnapshot(`
    "bench tlb
      2 CPUs A processor (virtual), 16GiB, Linux 6.18, Node.js v22.0.0, load 0.3

    In short
      Dependent loads, over 8MiB: too few rounds to be sure of a gain.
      The TLB maps THP 2MiB pages in pieces of 4KiB: the host of this virtual machine backs them with small ones.
      Here huge pages shorten the walks for missing entries; where the host uses huge pages, too, they save entries as well.

    chase, ns
      pages touched  4KiB  THP 2MiB
                 16  1.40      1.39
               2048  13.2

    Levels of the TLB
            level   pages  reach  a miss costs
      4KiB  second   2048   8MiB       17.2 ns

    Page size that the TLB sees
      THP 2MiB: splintered into entries of 4KiB, at 75.0 % of the places
        what was seen

    Base pages by huge pages, with all memory: above 1, huge pages are faster
                accesses  ratio (95 % confidence)  noise floor  pages touched
      THP 2MiB  native        1.43 (1.40 to 1.47)        2.0 %           2048

      Medians of 3 rounds, in 12.3 s. Noise floor 1.2 % at the median of the figures, 2.0 % at most.
      Another run: 2 of 3 figures within 5.0 % at the same clock of the processor, which wandered by 11.1 % in this one.
      hugetlb 2MiB: not measured, the pool has 0 pages to give, and 32 are wanted"
  `);
});

it('renderTlb: what the processor counted, with all memory of each kind', () => {
  expect(shown(renderTlb(RICH_TLB_RESULT))).toContain(
    [
      'Counted by the processor, of each load',
      '                dTLB-load-misses  dtlb-walk-cycles  pages touched',
      '  4KiB                     0.996                            16384',
      '  THP 2MiB                 0.996                            16384',
      '  hugetlb 2MiB             0.996                            16384',
    ].join('\n'),
  );
});

it('renderComparison', () => {
  const one = { backing: BASE, unit: 'ns', before: 10, after: 12, ratio: 1.2, low: 1.1, high: 1.3, noise: 0.02, byClock: 1.012 } as const;
  const differences: BenchDifference[] = [
    { ...one, id: 'chase/native/4KiB/16', verdict: 'worse' },
    { ...one, id: 'chase/native/4KiB/32', after: 10, ratio: 1, low: 0.99, high: 1.01, verdict: 'same' },
  ];
  const comparison: BenchComparison = {
    benchmark: 'tlb',
    clock: { ratio: 1.012, low: 1.01, high: 1.02 },
    differences,
    machines: ['kernel', 'node'],
    onlyBefore: [],
    onlyAfter: ['x/native/1\x1b[31m'],
  };
  const lines = renderComparison(comparison, false);
  expect(lines.join('')).toContain('x/native/1\\033[31m');
  expect(shown(renderComparison(comparison, true))).toMatch(/chase\/native\/4KiB\/32 .* same$/m);
  expect(shown(lines)).toMatchInlineSnapshot(`
    "bench compare: tlb
      0 better, 1 worse, 1 same, 0 unclear. Better and worse: with 95 % confidence, beyond the noise floor of both and their clocks.
      A cycle of the processor, after by before: 1.01 (1.01 to 1.02).
      The machines differ in kernel, node: differences may be theirs.
      Only after: x/native/1\\033[31m

                             before    after      after by before  noise
      chase/native/4KiB/16  10.0 ns  12.0 ns  1.20 (1.10 to 1.30)  2.0 %  worse

      With --all, what is the same is listed as well."
  `);
});

it('large figures have units of their own', () => {
  expect(shown(renderResult(FORK_RESULT))).toMatch(/^fork, µs\n +bytes +4KiB\n/m);
  const figures = FORK_RESULT.figures.map((figure) => ({ ...figure, median: figure.median * 15 }));
  expect(shown(renderResult({ ...FORK_RESULT, figures }))).toMatch(/^fork\n +bytes +4KiB\n +0B +1\.50 ms\n/m);
  expect(shown(renderResult(PREFAULT_RESULT))).toMatch(/^populate, GiB\/s\n/m);
});

it.each([
  [133_471_011, 'ns', '133 ms'],
  [999, 'us', '999 µs'],
  [4_100_000, 'us', '4.10 s'],
  [0.35, 'ns', '0.350 ns'],
  [-1200, 'ns', '-1.20 µs'],
  [0, 'ns', '0 ns'],
  [8190, 'GiB/s', '8190 GiB/s'],
])('quantity: %s %s is %s', (value, unit, text) => {
  expect(quantity(value, unit)).toBe(text);
});

describe('in short', () => {
  const [gain] = TLB_RESULT.gains;
  const [advice] = ADVISE_RESULT.advice;
  if (gain === undefined || advice === undefined) throw new Error('there is one of each');

  it('tells a gain from noise', () => {
    const seen = { ...gain, backing: HUGETLB, ratio: 1.5 };
    const hidden = { ...gain, noise: 0.5 };
    const figures = TLB_RESULT.figures.map((figure) => ({ ...figure, samples: [...figure.samples, ...figure.samples] }));
    const first = (gains: readonly TlbGain[]): string | undefined => summaryOf({ ...TLB_RESULT, figures, gains })[0];
    const told = 'Dependent loads, over 8MiB: huge pages are 1.43 to 1.50 times as fast as base pages, beyond the noise floor of 2.0 %.';
    expect(first([gain, seen])).toBe(told);
    expect(first([hidden, seen])).toContain('over 8MiB: hugetlb 2MiB are 1.50 times as fast as base pages');
    expect(first([hidden])).toContain('over 8MiB: no gain of huge pages is seen beyond the noise floor of 50.0 %.');
    expect(first([gain, { ...seen, pages: 512 }])).toContain('over 2MiB to 8MiB: huge pages are 1.43 to 1.50 times');
    expect(first([{ ...gain, engine: 'javascript' }])).toContain('in JavaScript');
  });

  it('says what splinters pages only where something may', () => {
    const sentence = ({ machine }: BenchResult, virtual: boolean): string | undefined =>
      summaryOf({ ...TLB_RESULT, machine: { ...machine, virtual } })[1];
    expect(sentence(TLB_RESULT, true)).toContain('The TLB maps THP 2MiB pages in pieces of 4KiB: the host of this');
    expect(sentence(TLB_RESULT, false)).toBe('The TLB maps THP 2MiB pages in pieces of 4KiB.');
    expect(summaryOf({ ...TLB_RESULT, pageSizes: [] })).toHaveLength(1);
  });

  it.each([
    ['faster', 'Of dependent accesses, THP 2MiB saves 30.0 ns of 95.0 ns each: 1.45 times as fast as base pages.'],
    ['same', 'Of dependent accesses, none is faster than on base pages beyond the noise floor of 5.0 %.'],
    ['unclear', 'beyond the noise floor of 5.0 %; more rounds, or a quieter machine, would tell.'],
    ['slower', 'Of dependent accesses, none is faster than on base pages, and some are slower.'],
  ] as const)('advises: %s', (verdict, text) => {
    const figures = ADVISE_RESULT.figures.map((figure) => ({ ...figure, median: 95 }));
    expect(summaryOf({ ...ADVISE_RESULT, figures, advice: [{ ...advice, verdict }] })[0]).toContain(text);
  });

  it('says the figures of the greatest parameter, where there is nothing else', () => {
    expect(summaryOf(FORK_RESULT)).toEqual(['A fork with 8MiB: 228 µs on 4KiB.']);
    expect(summaryOf(PREFAULT_RESULT)).toEqual(['Populating by 2 threads: 3.00 GiB/s on 4KiB, 4.00 GiB/s on THP 2MiB.']);
    expect(summaryOf({ ...FORK_RESULT, figures: [] })).toEqual([]);
    expect(summaryOf({ ...FORK_RESULT, benchmark: 'another' })).toEqual([]);
  });
});

it('what is the same of several kinds of pages is said once', () => {
  const pageSizes = [BASE, HUGETLB].flatMap((backing) => TLB_RESULT.pageSizes.map((one) => ({ ...one, backing })));
  const [, text = ''] = /Page size that the TLB sees\n([^]*?)\n\n/.exec(shown(renderTlb({ ...RICH_TLB_RESULT, pageSizes }))) ?? [];
  expect(text.split('\n')).toEqual(['  4KiB, hugetlb 2MiB: splintered into entries of 4KiB, at 75.0 % of the places', '    what was seen']);
});

it('a high noise floor is explained', () => {
  expect(shown(renderResult({ ...FORK_RESULT, noise: 0.09 }))).not.toContain('That is much');
  expect(shown(renderResult({ ...FORK_RESULT, noise: 0.3 }))).toContain('the load was 0.3 on 2 CPUs when it began');
});

it('digits: three that count', () => {
  expect([0, 1.394, 13.94, 139.4, 13_940, 0.0012345].map(digits)).toEqual(['0', '1.39', '13.9', '139', '13940', '0.0012']);
});
