import { describe, expect, it } from 'vitest';
import { figure } from '../../../lib/bench/figures.js';
import { summarize } from '../../../lib/bench/statistics.js';
import type { BenchFigure, BenchResult } from '../../../lib/bench/types.js';
import { HugePagesError, compareBenches } from '../../../lib/index.js';
import { NONSENSE, expectArgumentError } from '../../support/hostile.js';
import { errorOf } from '../../support/thrown.js';

const MACHINE = { kernel: '6.18', arch: 'x64', node: 'v22', cpu: 'some', cpus: 2, caches: [], virtual: true, memory: 1, loadAverage: 0 };

function one(value: number, samples: readonly number[], rest: Partial<Pick<BenchFigure, 'unit' | 'noise' | 'clock'>> = {}): BenchFigure {
  const parameter = { name: 'pages touched', value };
  const backing = { kind: 'base', pageSize: 4096 } as const;
  return figure({ name: 'chase', engine: 'native', backing, parameter, unit: 'ns', clock: 0.8, ...rest }, samples);
}

function clock(nanoseconds: number): BenchResult['clock'] {
  const samples = Array.from({ length: 20 }, (_, index) => nanoseconds * (1 + index / 1e4));
  return { samples, ...summarize(samples) };
}

function result(...figures: BenchFigure[]): BenchResult {
  const thp = { enabled: 'madvise', defrag: 'madvise', pmdSize: 2 ** 21 };
  const common = { schema: 'hugepages-bench', version: 1, benchmark: 'tlb', date: '2026-01-01T00:00:00.000Z' } as const;
  return { ...common, milliseconds: 1, machine: { ...MACHINE, thp }, settings: {}, figures, clock: clock(0.8), notes: [] };
}

const STEADY = [100, 100.1, 99.9, 100, 100.2, 99.8, 100, 100.1, 99.9, 100];
const times = (factor: number): number[] => STEADY.map((sample) => sample * factor);

describe('compareBenches', () => {
  it.each([
    ['same', 1, 'ns', undefined],
    ['worse', 1.2, 'ns', undefined],
    ['better', 0.8, 'ns', undefined],
    ['better', 1.2, 'GiB/s', undefined],
    ['worse', 0.8, 'GiB/s', undefined],
    // A difference that a thing has from itself.
    ['same', 1.05, 'ns', 0.1],
    ['unclear', 1.1, 'ns', 0.1],
  ] as const)('%s: %d times as many %s, with a noise of %s', (verdict, factor, unit, noise) => {
    const after = one(16, times(factor), { unit, ...(noise !== undefined && { noise }) });
    const { differences } = compareBenches(result(one(16, STEADY, { unit })), result(after));
    expect(differences).toMatchObject([{ id: 'chase/native/4KiB/16', before: 100, verdict, noise: noise ?? 0.01 }]);
    expect(differences[0]?.ratio).toBeCloseTo(factor, 5);
  });

  it('names what only one has, and in what the machines differ', () => {
    const before = result(one(16, STEADY), one(32, STEADY));
    const after = { ...result(one(32, STEADY), one(64, STEADY)), machine: { ...before.machine, kernel: '7.0', loadAverage: 9 } };
    expect(compareBenches(before, after)).toMatchObject({
      benchmark: 'tlb',
      differences: [{ id: 'chase/native/4KiB/32' }],
      machines: ['kernel'],
      onlyBefore: ['chase/native/4KiB/16'],
      onlyAfter: ['chase/native/4KiB/64'],
    });
  });

  it.each([
    ['ns', 1.1, 1.05, 'same'],
    ['ns', 1.1, 1.1, 'same'],
    ['ns', 1.1, 1.3, 'worse'],
    ['ns', 1.1, 0.9, 'better'],
    ['ns', 0.9, 0.9, 'same'],
    ['ns', 0.9, 1.1, 'worse'],
    ['GiB/s', 1.1, 0.92, 'same'],
    ['GiB/s', 1.1, 1.1, 'better'],
  ] as const)('%s where a cycle was %d times as long, %d times: %s', (unit, longer, factor, verdict) => {
    const [before, after] = [one(16, STEADY, { unit }), one(16, times(factor), { unit, clock: 0.8 * longer })];
    const { differences } = compareBenches(result(before), result(after));
    expect(differences).toMatchObject([{ verdict }]);
    expect(differences[0]?.byClock).toBeCloseTo(unit === 'ns' ? longer : 1 / longer, 9);
  });

  it('says how the clocks of both compare, of which one that was disturbed for a moment changes nothing', () => {
    const [before, after] = [result(one(16, STEADY)), { ...result(one(16, times(1.3))), clock: clock(0.88) }];
    expect(compareBenches(before, after).clock.ratio).toBeCloseTo(1.1, 2);
    const { samples, ...summary } = after.clock;
    const disturbed = { ...after, clock: { ...summary, samples: [...samples, 8] } };
    expect(compareBenches(before, disturbed)).toMatchObject({ differences: [{ verdict: 'worse' }] });
  });

  it('is never certain of three samples', () => {
    const few = (factor: number): BenchFigure => one(16, times(factor).slice(0, 3));
    expect(compareBenches(result(few(1)), result(few(2)))).toMatchObject({ differences: [{ ratio: 2, verdict: 'unclear' }] });
  });

  it('survives JSON', () => {
    const before = result(one(16, STEADY));
    expect(compareBenches(before, JSON.parse(JSON.stringify(before)) as BenchResult)).toMatchObject({
      differences: [{ ratio: 1 }],
      machines: [],
    });
  });

  it('refuses what is no result, or none of the same benchmark or version', () => {
    const good = result(one(16, STEADY));
    const broken = [
      { figures: undefined },
      { figures: [{}] },
      { figures: [{ id: 'x', samples: [] }] },
      { figures: [{ id: 'x', samples: ['1'] }] },
    ];
    for (const value of [
      ...NONSENSE,
      undefined,
      1,
      '{}',
      [],
      {},
      ...broken.map((part) => ({ ...good, ...part })),
      { ...good, machine: 1 },
      { ...good, clock: {} },
    ]) {
      expectArgumentError(
        errorOf(() => compareBenches(value as BenchResult, good)),
        value,
      );
      expectArgumentError(
        errorOf(() => compareBenches(good, value as BenchResult)),
        value,
      );
    }
    const thrown = (other: object): unknown => errorOf(() => compareBenches(good, { ...good, ...other }));
    expect(thrown({ benchmark: 'fork' })).toBeInstanceOf(HugePagesError);
    expect(thrown({ benchmark: 'fork' })).toMatchObject({ code: 'ERR_HUGEPAGES_MISMATCH' });
    expect(thrown({ version: 2 })).toMatchObject({ code: 'ERR_HUGEPAGES_UNSUPPORTED' });
  });
});
