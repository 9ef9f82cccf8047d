/** Two results of a benchmark, figure by figure. */
import { HugePagesError } from '../errors.js';
import { checkResult } from './check-result.js';
import { beyondNoise, enoughForRanks, unpairedRatio } from './statistics.js';
import type { Ratio } from './statistics.js';
import type { BenchBacking, BenchFigure, BenchMachine, BenchResult } from './types.js';

/** One figure of both. */
export interface BenchDifference extends Ratio {
  readonly id: string;
  readonly backing?: BenchBacking;
  readonly unit: BenchFigure['unit'];
  /** Medians. */
  readonly before: number;
  readonly after: number;
  /** As a share, the larger one of the noise floors of both: a ratio that is less far from 1 is no difference. */
  readonly noise: number;
  /** The ratio that there would be if the clock of the processor alone made it: what lies between 1 and that is no difference either. */
  readonly byClock: number;
  /**
   * `better` and `worse` where the 95 % interval lies beyond noise and clock on one side; `same` where it lies within; otherwise, and where
   * the samples are too few for such an interval, `unclear`: more rounds, or a quieter machine, would tell.
   */
  readonly verdict: 'better' | 'worse' | 'same' | 'unclear';
}

/** What {@link compareBenches} finds. */
export interface BenchComparison {
  readonly benchmark: string;
  /** Of the processor: above 1, its cycles were longer after. */
  readonly clock: Ratio;
  readonly differences: readonly BenchDifference[];
  /** What is not the same of the machines, by the names of {@link BenchMachine}: differences may be theirs. */
  readonly machines: readonly (keyof BenchMachine)[];
  /** Of figures that only one result has. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

/** No noise floor is smaller. */
const LEAST_NOISE = 0.01;

/**
 * Compares two results of the same benchmark, such as before and after a change, or of two machines. Ratios are after by before, with a
 * 95 % confidence interval by ranks, which supposes nothing of how samples are distributed.
 *
 * @throws TypeError for what is no result of a benchmark of this package; HugePagesError `ERR_HUGEPAGES_MISMATCH` for results of different
 *   benchmarks, `ERR_HUGEPAGES_UNSUPPORTED` for a version of the schema that this version does not know
 */
export function compareBenches(before: BenchResult, after: BenchResult): BenchComparison {
  checkResult(before, 'before');
  checkResult(after, 'after');
  if (before.benchmark !== after.benchmark) {
    throw new HugePagesError('ERR_HUGEPAGES_MISMATCH', `A result of '${before.benchmark}' says nothing of one of '${after.benchmark}'`, {
      remedy: 'Compare two results of the same benchmark',
    });
  }
  const clock = unpairedRatio(after.clock.samples, before.clock.samples);
  const later = new Map(after.figures.map((figure) => [figure.id, figure]));
  const earlier = new Set(before.figures.map(({ id }) => id));
  return {
    benchmark: before.benchmark,
    clock,
    differences: before.figures.flatMap((figure) => {
      const match = later.get(figure.id);
      return match === undefined ? [] : [difference(figure, match)];
    }),
    machines: differingFields(before.machine, after.machine),
    onlyBefore: [...earlier].filter((id) => !later.has(id)),
    onlyAfter: [...later.keys()].filter((id) => !earlier.has(id)),
  };
}

function difference(before: BenchFigure, after: BenchFigure): BenchDifference {
  const { id, backing, unit, better } = before;
  const ratio = unpairedRatio(after.samples, before.samples);
  const noise = Math.max(before.noise ?? 0, after.noise ?? 0, LEAST_NOISE);
  const byClock = better === 'lower' ? after.clock / before.clock : before.clock / after.clock;
  const verdict = enoughForRanks(after.samples.length, before.samples.length) ? judge(ratio, noise, byClock, better) : 'unclear';
  const common = { id, ...(backing !== undefined && { backing }), unit, before: before.median, after: after.median };
  return { ...common, ...ratio, noise, byClock, verdict };
}

function judge(ratio: Ratio, noise: number, byClock: number, better: BenchFigure['better']): BenchDifference['verdict'] {
  const place = beyondNoise(ratio, noise, byClock);
  if (place === 'within') return 'same';
  if (place === 'unclear') return 'unclear';
  return (place === 'above') === (better === 'higher') ? 'better' : 'worse';
}

/** What two machines differ in. */
export function differingFields(before: BenchMachine, after: BenchMachine): (keyof BenchMachine)[] {
  // The load is of the moment, and no property of a machine.
  const names = (Object.keys(before) as (keyof BenchMachine)[]).filter((name) => name !== 'loadAverage');
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
