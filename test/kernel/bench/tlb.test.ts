/** benchTlb(): what it returns, what it leaves out, and that it leaves nothing. Figures are the machine's: no test knows them. */
import { expect, it } from 'vitest';
import { benchTlb } from '../../../lib/index.js';
import type { BenchFigure, BenchProgress, BenchTlbResult } from '../../../lib/index.js';
import { BASE_PAGE, HUGE_PAGE } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { rejectionOf } from '../../support/thrown.js';

const BYTES = 4 * HUGE_PAGE;
const need = { pageSize: HUGE_PAGE, pages: 4 };
const OPTIONS = { bytes: BYTES, rounds: 2, javascript: false };

const kindsOf = (figures: readonly BenchFigure[]): Set<string | undefined> => new Set(figures.map(({ backing }) => backing?.kind));

function checkFigures({ figures, settings }: BenchTlbResult): void {
  expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length);
  for (const { samples, median, low, high } of figures) {
    expect(samples).toHaveLength(settings['rounds'] as number);
    expect(Math.min(...samples)).toBeGreaterThan(0);
    expect(low).toBeLessThanOrEqual(median);
    expect(high).toBeGreaterThanOrEqual(median);
  }
}

requires({ pool: need, thp: true }).describe('benchTlb', () => {
  withPool(need);

  it('measures each kind of page that this machine has, by the number of pages touched', async () => {
    const progress: BenchProgress[] = [];
    const result = await benchTlb({ ...OPTIONS, javascript: true, onProgress: (step) => progress.push(step) });
    expect(result).toMatchObject({ schema: 'hugepages-bench', version: 1, benchmark: 'tlb', settings: { bytes: BYTES, rounds: 2 } });
    checkFigures(result);
    const chases = result.figures.filter(({ name }) => name === 'chase');
    expect(kindsOf(chases)).toEqual(new Set(['base', 'thp', 'hugetlb']));
    const counts = chases
      .filter(({ engine, backing }) => engine === 'native' && backing?.kind === 'base')
      .map(({ parameter }) => parameter.value);
    expect(counts).toEqual([16, 32, 64, 128, 256, 512, 1024, 2048]);
    expect(chases.filter(({ engine }) => engine === 'javascript').length).toBeGreaterThan(0);
    for (const { counters = [] } of chases) {
      for (const { name, perAccess, reason = '' } of counters) {
        if (perAccess === undefined) expect(result.notes).toContain(`${name}: not counted, ${reason}`);
      }
    }
    expect(result.pageSizes.map(({ backing }) => backing.kind)).toEqual(expect.arrayContaining(['thp', 'hugetlb']));
    for (const { evidence } of result.pageSizes) expect(evidence).not.toBe('');
    expect(new Set(result.gains.map(({ pages }) => pages))).toEqual(new Set([BYTES / BASE_PAGE]));
    expect(progress.at(-1)).toMatchObject({ done: progress.length, total: progress.length });
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('uses what a pool has, and says how much that is', async () => {
    const result = await benchTlb({ ...OPTIONS, bytes: 2 * BYTES });
    expect(result.notes.join('\n')).toMatch(/hugetlb 2MiB: measured on 8MiB, the pool has 4 pages to give, and 8 are wanted/);
    const largest = (kind: string): number =>
      Math.max(
        ...result.figures.filter(({ name, backing }) => name === 'chase' && backing?.kind === kind).map(({ parameter }) => parameter.value),
      );
    expect(largest('base')).toBe((2 * BYTES) / BASE_PAGE);
    expect(largest('hugetlb')).toBe(BYTES / BASE_PAGE);
  });

  it('grows a pool for as long as it takes, when it may', async () => {
    const before = allCounters();
    const result = await benchTlb({ ...OPTIONS, bytes: 2 * BYTES, growPools: true });
    expect(result.notes.join('\n')).not.toContain('hugetlb 2MiB');
    expect(delta(before)).toEqual({});
  });

  it('stops when it is aborted, at any moment, and gives everything back', async () => {
    const before = allCounters();
    for (const at of [1, 3, 20]) {
      const controller = new AbortController();
      const onProgress = ({ done }: BenchProgress): void => {
        if (done === at) controller.abort();
      };
      const { signal } = controller;
      expect(await rejectionOf(benchTlb({ ...OPTIONS, bytes: 2 * BYTES, growPools: true, signal, onProgress }))).toMatchObject({
        code: 'ABORT_ERR',
      });
      expect(delta(before)).toEqual({});
    }
    expect(await rejectionOf(benchTlb({ ...OPTIONS, signal: AbortSignal.abort() }))).toMatchObject({ code: 'ABORT_ERR' });
  });

  it('gives everything back when a listener throws', async () => {
    const boom = new Error('boom');
    const onProgress = (): never => {
      throw boom;
    };
    expect(await rejectionOf(benchTlb({ ...OPTIONS, onProgress }))).toBe(boom);
  });
});

requires({ pool: { pageSize: HUGE_PAGE, pages: 0 } }).describe('benchTlb without a page in the pool', () => {
  withPool({ pageSize: HUGE_PAGE, pages: 0 });

  it('leaves the pool out, and says so', async () => {
    const result = await benchTlb(OPTIONS);
    checkFigures(result);
    expect(kindsOf(result.figures).has('hugetlb')).toBe(false);
    expect(result.notes).toContain('hugetlb 2MiB: not measured, the pool has 0 pages to give, and 4 are wanted');
  });
});
