/** What a benchmark finds, and what it was to find. */
import { summarize } from '../../lib/bench/statistics.js';
import type { Summary } from '../../lib/bench/statistics.js';
import type { ClaimName } from '../summary/claims.js';
import { QUICK } from './quick.js';
import { ratios } from './rounds.js';

/** Samples in short. */
export interface Value extends Summary {
  readonly max: number;
}

/** What a figure has to be. */
export interface Bound {
  readonly of: 'median' | 'high' | 'max';
  readonly relation: '>=' | '<=' | '<';
  readonly limit: number;
}

/** One figure. */
export interface Measure {
  readonly name: string;
  /** Empty for a ratio, and for what is counted. */
  readonly unit: string;
  readonly samples: number;
  readonly value: Value;
  readonly bound?: Bound;
  /** Whether the bound was kept; undefined where there is none, and in a quick run. */
  readonly ok?: boolean;
  /** The line of the README that it shows. */
  readonly claim?: ClaimName;
  /** Of a ratio: what it is beside, with its version where that matters. */
  readonly peer?: string;
}

/** Something that was not measured, and why. */
export interface Omission {
  readonly name: string;
  readonly reason: string;
  /** `machine`: it cannot be measured here. */
  readonly because: 'machine' | 'not installed' | 'failed';
}

export type Finding = Measure | Omission;

/** A figure without a bound. At least one sample. */
export function figure(name: string, unit: string, samples: readonly number[], claim?: ClaimName): Measure {
  const value = { ...summarize(samples), max: Math.max(...samples) };
  return { name, unit, samples: samples.length, value, ...(claim !== undefined && { claim }) };
}

/** A figure with a bound, such as `'median <= 3'`. */
export function bounded(name: string, unit: string, samples: readonly number[], bound: Bound, claim?: ClaimName): Measure {
  const measure = figure(name, unit, samples, claim);
  return { ...measure, bound, ...(!QUICK && { ok: holds(measure.value[bound.of], bound) }) };
}

/** What two sides took in the same rounds, in any unit of cost. */
export interface Sides {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/** What is expected of a ratio. */
export interface Expected {
  /** A bound of its median. */
  readonly atLeast?: number;
  /** Where both do the same and 1 is expected: the median's interval must not lie below it. */
  readonly notSlower?: boolean;
  readonly claim?: ClaimName | undefined;
}

/**
 * How many times as fast as a peer this package is, by what both took in each round: 2 is half the time.
 *
 * @param name - what both did; the name of the figure before it, where that is ours
 */
export function compared(name: string, peer: string, { ours, theirs }: Sides, expected: Expected = {}): Measure {
  const measured = ratios(theirs, ours);
  const bound = boundOf(expected);
  if (bound === undefined) return { ...figure(name, '', measured, expected.claim), peer };
  return { ...bounded(name, '', measured, bound, expected.claim), peer };
}

function boundOf({ atLeast, notSlower = false }: Expected): Bound | undefined {
  if (notSlower) return { of: 'high', relation: '>=', limit: 1 };
  return atLeast === undefined ? undefined : { of: 'median', relation: '>=', limit: atLeast };
}

/** `median >= 0.97` */
export function boundText(bound: Bound | undefined): string {
  return bound === undefined ? '' : `${bound.of} ${bound.relation} ${String(Number(bound.limit.toFixed(2)))}`;
}

function holds(value: number, { relation, limit }: Bound): boolean {
  switch (relation) {
    case '>=':
      return value >= limit;
    case '<=':
      return value <= limit;
    case '<':
      return value < limit;
  }
}
