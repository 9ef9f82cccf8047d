import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, pairedRatio, spreadOf, summarize, unpairedRatio } from '../../../lib/bench/statistics.js';

const positive = fc.double({ min: 0.001, max: 1e9, noNaN: true });
const some = fc.array(positive, { minLength: 1, maxLength: 40 });

describe('summarize', () => {
  it.each([
    [[5], 5, 0],
    [[1, 3], 2, 1],
    [[9, 1, 2], 2, 1],
    [[1, 1, 1, 100], 1, 0],
  ])('%j has median %d and deviation %d', (samples, middle, mad) => {
    expect(summarize(samples)).toMatchObject({ median: middle, mad });
  });

  // Tables of the sign test: with n samples, the interval is from the k-th to the k-th from the end.
  it.each([
    [5, 1],
    [6, 1],
    [8, 1],
    [9, 2],
    [11, 2],
    [12, 3],
    [15, 4],
    [21, 6],
    [30, 10],
  ])('of %d samples leaves out all before the %d-th on either side', (count, kth) => {
    const samples = Array.from({ length: count }, (_, index) => index + 1);
    expect(summarize(samples)).toMatchObject({ low: kth, high: count + 1 - kth });
  });

  it('holds the median, within the samples, in any order', () => {
    fc.assert(
      fc.property(some, (samples) => {
        const { low, median: middle, high, mad } = summarize(samples);
        expect(low).toBeGreaterThanOrEqual(Math.min(...samples));
        expect(high).toBeLessThanOrEqual(Math.max(...samples));
        expect(low).toBeLessThanOrEqual(middle);
        expect(high).toBeGreaterThanOrEqual(middle);
        expect(mad).toBeGreaterThanOrEqual(0);
        expect(summarize(samples.toReversed())).toEqual({ low, median: middle, high, mad });
      }),
    );
  });
});

it('pairedRatio: what disturbs a round disturbs both sides of it', () => {
  const quiet = [10, 20, 10, 40, 10, 10, 90];
  expect(
    pairedRatio(
      quiet.map((sample) => 1.5 * sample),
      quiet,
    ),
  ).toEqual({ ratio: 1.5, low: 1.5, high: 1.5 });
});

describe('unpairedRatio', () => {
  it('is 1 for the same samples, and its interval holds 1', () => {
    fc.assert(
      fc.property(some, (samples) => {
        const { ratio, low, high } = unpairedRatio(samples, samples);
        expect(ratio).toBeCloseTo(1, 9);
        expect(low).toBeLessThanOrEqual(1 + 1e-9);
        expect(high).toBeGreaterThanOrEqual(1 - 1e-9);
      }),
    );
  });

  it('finds a factor between samples that scatter, and one sample of many that is far off changes little', () => {
    const before = [100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 5000];
    const after = before.map((sample) => 1.2 * sample);
    const { ratio, low, high } = unpairedRatio(after, before);
    expect(ratio).toBeCloseTo(1.2, 1);
    expect(low).toBeGreaterThan(1.1);
    expect(high).toBeLessThan(1.3);
    expect(median(before)).toBe(105);
  });
});

it('spreadOf is a share of the smallest', () => {
  expect(spreadOf([10, 10, 10])).toBe(0);
  expect(spreadOf([11, 10, 12])).toBeCloseTo(0.2, 9);
});
