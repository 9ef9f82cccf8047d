/** The other benchmarks: what they return, and that they leave nothing. */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allocateSync, benchAccess, benchAdvise, benchFork, benchPrefault, benchShare } from '../../../lib/index.js';
import type { BenchProgress, BenchResult, Region } from '../../../lib/index.js';
import { MiB } from '../../../lib/units.js';
import { HUGE_PAGE } from '../../support/page-sizes.js';
import { allCounters, withPool } from '../../support/pool.js';
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
    [
      'share',
      (signal) => benchShare({ ...OPTIONS, ...(signal && { signal }) }),
      ['attach', 'attach and read', 'map', 'map and read', 'copy'],
      false,
    ],
  ];

const descriptors = (): number => readdirSync('/proc/self/fd').length;

/** Of any thread of this process, also those that nobody has waited for. */
function children(): string[] {
  return readdirSync('/proc/self/task').flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, 'utf8').match(/\d+/g) ?? []);
}

requires({ pool: need, thp: true }).describe('benchmarks', () => {
  withPool(need);

  it.each(MEASURES)('%s measures each kind of page', async (name, measure, names, thp) => {
    const result = await measure();
    expect(result).toMatchObject({ schema: 'hugepages-bench', version: 1, benchmark: name, settings: { bytes: BYTES, rounds: 2 } });
    expect(new Set(result.figures.map((figure) => figure.name))).toEqual(new Set(names));
    expect(new Set(result.figures.map(({ id }) => id)).size).toBe(result.figures.length);
    const kinds = new Set(result.figures.map(({ backing }) => backing?.kind));
    expect(kinds).toEqual(new Set(thp ? ['base', 'thp', 'hugetlb'] : ['base', 'hugetlb']));
    for (const { samples, clock } of result.figures) {
      expect(samples).toHaveLength(2);
      expect(clock).toBeGreaterThan(0);
      for (const each of samples) expect(each).toBeGreaterThan(0);
    }
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it.each(MEASURES)('%s is not begun when its signal has come', async (_, measure) => {
    expect(await rejectionOf(measure(AbortSignal.abort()))).toMatchObject({ code: 'ABORT_ERR' });
  });

  it.each(MEASURES)('%s leaves no child, no descriptor and no page behind when it is stopped', async (_, measure) => {
    const before = [descriptors(), allCounters()];
    for (const milliseconds of [1, 20, 60]) {
      // Either comes first: all of it may be measured by then.
      const ended = await measure(AbortSignal.timeout(milliseconds)).catch((error: unknown) => error);
      if (ended instanceof Error) expect(ended).toMatchObject({ code: 'ABORT_ERR' });
      expect(children()).toEqual([]);
      expect([descriptors(), allCounters()]).toEqual(before);
    }
  });

  it('what fails is left out and noted, and what does not fail is there', async () => {
    const taken: Region[] = [];
    const take = (): void => {
      taken.push(allocateSync({ size: BYTES, backing: ['hugetlb'] }));
    };
    const onProgress = ({ done, total }: BenchProgress): void => {
      if (done === total - 1) setImmediate(take);
    };
    const { figures, notes } = await benchPrefault({ ...OPTIONS, onProgress });
    for (const region of taken) region.dispose();
    expect(taken).toHaveLength(1);
    const kindsOf = (name: string): (string | undefined)[] => [
      ...new Set(figures.filter((figure) => figure.name === name).map(({ backing }) => backing?.kind)),
    ];
    expect(kindsOf('populate')).toEqual(['base', 'thp', 'hugetlb']);
    expect(kindsOf('fault')).toEqual(['base', 'thp']);
    expect(notes).toContain('fault, hugetlb 2MiB: not measured. A page fault cannot be measured: mmap failed with ENOMEM');
  });

  it('access measures the same natively and in JavaScript', async () => {
    const { figures } = await benchAccess(OPTIONS);
    const names = (engine: string): Set<string> => new Set(figures.filter((figure) => figure.engine === engine).map(({ name }) => name));
    expect(names('javascript')).toEqual(names('native'));
  });

  it('advise leaves a pool out that has less than the program would use', async () => {
    const { advice, notes } = await benchAdvise({ rounds: 1, pattern: 'random', bytes: 2 * BYTES });
    expect(new Set(advice.map(({ backing }) => backing.kind))).toEqual(new Set(['thp']));
    expect(notes.filter((note) => note.startsWith('hugetlb 2MiB'))).toEqual([
      'hugetlb 2MiB: not measured, the pool has 2 pages to give, and 4 are wanted',
    ]);
  });

  it('share keeps no copy until garbage is collected', async () => {
    const bytes = 64 * MiB;
    const held: number[] = [];
    const before = process.memoryUsage().arrayBuffers;
    await benchShare({ bytes, rounds: 3, onProgress: () => held.push(process.memoryUsage().arrayBuffers - before) });
    expect(Math.max(...held)).toBeLessThan(bytes / 2);
  });

  it('advise is never certain of two rounds', async () => {
    const { advice } = await benchAdvise({ ...OPTIONS, pattern: 'random' });
    expect(new Set(advice.map(({ verdict }) => verdict))).toEqual(new Set(['unclear']));
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
    for (const { verdict } of advice) expect(['faster', 'same', 'slower', 'unclear']).toContain(verdict);
  });
});
