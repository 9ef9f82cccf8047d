/** What a benchmark finds, and what it was to find. */
import { spread } from '../../lib/cli/demo/spread.js';
import type { Spread } from '../../lib/cli/demo/spread.js';

/** What a figure has to be. */
export interface Bound {
  readonly of: keyof Spread;
  readonly relation: '>=' | '<=' | '>' | '<';
  readonly limit: number;
}

/** One figure: the spread of its samples. */
export interface Measure {
  readonly name: string;
  /** Empty for a ratio. */
  readonly unit: string;
  readonly samples: number;
  readonly value: Spread;
  readonly bound?: Bound;
  /** Whether the bound was kept. */
  readonly ok?: boolean;
}

/** Something that could not be measured on this machine, and why. */
export interface Omission {
  readonly name: string;
  readonly reason: string;
}

export type Finding = Measure | Omission;

/** A figure without a bound. At least one sample. */
export function figure(name: string, unit: string, samples: readonly number[]): Measure {
  return { name, unit, samples: samples.length, value: spread(samples) };
}

/** A figure with a bound, such as `'median >= 0.97'`. */
export function bounded(name: string, unit: string, samples: readonly number[], bound: Bound): Measure {
  const measure = figure(name, unit, samples);
  return { ...measure, bound, ok: holds(measure.value[bound.of], bound) };
}

function holds(value: number, { relation, limit }: Bound): boolean {
  switch (relation) {
    case '>=':
      return value >= limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '<':
      return value < limit;
  }
}
