/** Results as people see them. */
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import type { BenchDifference } from '../../../../lib/bench/compare.js';
import { digits } from '../../../../lib/cli/bench/numbers.js';
import { renderComparison } from '../../../../lib/cli/bench/render-comparison.js';
import { renderTlb } from '../../../../lib/cli/bench/render.js';
import { BASE, TLB_RESULT } from '../../../support/bench-results.js';

/** Without colours, which a test run may have. */
function shown(lines: readonly string[]): string {
  return stripVTControlCharacters(lines.join('\n'));
}

it('renderTlb', () => {
  expect(shown(renderTlb(TLB_RESULT))).toMatchInlineSnapshot(`
    "bench tlb
      2 CPUs A processor (virtual), 16GiB, Linux 6.18, Node.js v22.0.0, load 0.3

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
                accesses  pages touched  ratio (95 % confidence)  noise floor
      THP 2MiB  native             2048      1.43 (1.40 to 1.47)        2.0 %

      Medians of 3 rounds, in 12.3 s. Noise floor 1.2 % at the median of the figures, 2.0 % at most.
      Another run: 2 of 3 figures within 5.0 % at the same clock of the processor, which wandered by 11.1 % in this one.
      hugetlb 2MiB: not measured, the pool has 0 pages to give, and 32 are wanted"
  `);
});

it('renderComparison', () => {
  const one = { backing: BASE, unit: 'ns', before: 10, after: 12, ratio: 1.2, low: 1.1, high: 1.3, noise: 0.02, byClock: 1.012 } as const;
  const differences: BenchDifference[] = [
    { ...one, id: 'chase/native/4KiB/16', verdict: 'worse' },
    { ...one, id: 'chase/native/4KiB/32', after: 10, ratio: 1, low: 0.99, high: 1.01, verdict: 'same' },
  ];
  const lines = renderComparison({
    benchmark: 'tlb',
    clock: { ratio: 1.012, low: 1.01, high: 1.02 },
    differences,
    machines: ['kernel', 'node'],
    onlyBefore: [],
    onlyAfter: ['x/native/1'],
  });
  expect(shown(lines)).toMatchInlineSnapshot(`
    "bench compare: tlb
                            before  after          after by before
      chase/native/4KiB/16    10.0   12.0  ns  1.20 (1.10 to 1.30)  worse
      chase/native/4KiB/32    10.0   10.0  ns  1.00 (0.99 to 1.01)  same

      0 better, 1 worse, 1 same, 0 unclear. Better and worse: with 95 % confidence, beyond the noise floor of both and their clocks.
      A cycle of the processor, after by before: 1.01 (1.01 to 1.02).
      The machines differ in kernel, node: differences may be theirs.
      Only after: x/native/1"
  `);
});

it('digits: three that count', () => {
  expect([0, 1.394, 13.94, 139.4, 13_940, 0.0012345].map(digits)).toEqual(['0', '1.39', '13.9', '139', '13940', '0.0012']);
});
