/** The other benchmarks: what they return, and that they leave nothing. */
import { expect, it } from 'vitest';
import { benchAccess, benchAdvise, benchFork, benchPrefault, benchShare } from '../../../lib/index.js';
import type { BenchResult } from '../../../lib/index.js';
import { HUGE_PAGE } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { rejectionOf } from '../../support/thrown.js';

const BYTES = 2 * HUGE_PAGE;
const need = { pageSize: HUGE_PAGE, pages: 2 };
const OPTIONS = { bytes: BYTES, rounds: 2 };

const MEASURES: readonly [name: string, measure: (signal?: AbortSignal) => Promise<BenchResult>, names: readonly string[], thp: boolean][] =
  [
    [
      'access',
      (signal) => benchAccess({ ...OPTIONS, ...(signal && { signal }) }),
      ['sequential read', 'sequential write', 'random read', 'random write', 'dependent random read'],
      true,
    ],
    ['advise', (signal) => benchAdvise({ ...OPTIONS, pattern: 'random', ...(signal && { signal }) }), ['dependent', 'independent'], true],
    ['fork', (signal) => benchFork({ ...OPTIONS, ...(signal && { signal }) }), ['fork'], true],
    ['prefault', (signal) => benchPrefault({ ...OPTIONS, ...(signal && { signal }) }), ['populate', 'fault'], true],
    ['share', (signal) => benchShare({ ...OPTIONS, ...(signal && { signal }) }), ['attach', 'attach and read', 'copy'], false],
  ];

requires({ pool: need, thp: true }).describe('benchmarks', () => {
  withPool(need);

  it.each(MEASURES)('%s measures each kind of page', async (name, measure, names, thp) => {
    const result = await measure();
    expect(result).toMatchObject({ schema: 'hugepages-bench', version: 1, benchmark: name, settings: { bytes: BYTES, rounds: 2 } });
    expect(new Set(result.figures.map((figure) => figure.name))).toEqual(new Set(names));
    expect(new Set(result.figures.map(({ id }) => id)).size).toBe(result.figures.length);
    const kinds = new Set(result.figures.map(({ backing }) => backing?.kind));
    expect(kinds).toEqual(new Set(thp ? ['base', 'thp', 'hugetlb'] : ['base', 'hugetlb']));
    for (const { samples } of result.figures) {
      expect(samples).toHaveLength(2);
      for (const each of samples) expect(each).toBeGreaterThan(0);
    }
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it.each(MEASURES)('%s is not begun when its signal has come', async (_, measure) => {
    expect(await rejectionOf(measure(AbortSignal.abort()))).toMatchObject({ code: 'ABORT_ERR' });
  });

  it('advise knows strides, and says what each kind of page gains', async () => {
    const { advice, settings } = await benchAdvise({ ...OPTIONS, pattern: 'stride', stride: '16KiB' });
    expect(settings).toMatchObject({ pattern: 'stride', stride: 16384 });
    expect(advice.map(({ backing, accesses }) => [backing.kind, accesses])).toEqual([
      ['thp', 'dependent'],
      ['hugetlb', 'dependent'],
      ['thp', 'independent'],
      ['hugetlb', 'independent'],
    ]);
    for (const { verdict } of advice) expect(['faster', 'same', 'slower']).toContain(verdict);
  });
});
