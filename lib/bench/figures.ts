/** Figures of samples. */
import { backingName } from './backing-name.js';
import { pairedRatio, summarize } from './statistics.js';
import type { BenchFigure } from './types.js';

/** What a figure is of: all of it but what its samples tell. */
export type Subject = Omit<BenchFigure, 'id' | 'samples' | 'median' | 'mad' | 'low' | 'high' | 'better'>;

/** `chase/native/THP 2MiB/16384` */
export function figure(subject: Subject, samples: readonly number[]): BenchFigure {
  const { name, engine, backing, parameter, unit } = subject;
  const id = [name, engine, ...(backing === undefined ? [] : [backingName(backing)]), String(parameter.value)].join('/');
  return { id, ...subject, better: unit === 'GiB/s' ? 'higher' : 'lower', samples, ...summarize(samples) };
}

/** How far the median of another run may be from that of this one, at the same clock: as a share, by noise and by its interval. */
export function repeatsWithin({ noise = 0, median, low, high }: BenchFigure): number {
  return Math.max(noise, high / median - 1, median / low - 1);
}

/** How far from 1 the ratio of a thing to itself may be, whichever divides the other, by two sides of samples of it. */
export function noiseOf(once: readonly number[], again: readonly number[]): number {
  const { low, high } = pairedRatio(once, again);
  return Math.max(high, 1 / low) - 1;
}
