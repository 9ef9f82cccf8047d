import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enoughForRanks, enoughForSigns, median, pairedRatio, summarize, unpairedRatio } from '../../../lib/bench/statistics.js';

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

  // Tables of the rank sum test, 5 % on both sides: so many of the ratios are left out on either side.
  it.each([
    [3, 3, 0],
    [4, 4, 0],
    [5, 5, 2],
    [6, 6, 5],
    [7, 7, 8],
    [7, 11, 16],
    [9, 9, 17],
    [11, 11, 30],
    [15, 15, 64],
  ])('of %d and %d samples leaves out %d of the ratios on either side', (count, other, left) => {
    // All ratios differ, and are of known order.
    const dividends = Array.from({ length: count }, (_, index) => 2 ** (index * 16));
    const divisors = Array.from({ length: other }, (_, index) => 2 ** -index);
    const ratios = dividends.flatMap((dividend) => divisors.map((divisor) => dividend / divisor)).sort((a, b) => a - b);
    expect(unpairedRatio(dividends, divisors)).toMatchObject({ low: ratios[left], high: ratios[ratios.length - 1 - left] });
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

it('five samples have no 95 % interval of their median, and three of each side none of their ratio', () => {
  expect([1, 5, 6, 1000].map(enoughForSigns)).toEqual([false, false, true, true]);
  expect([enoughForRanks(3, 3), enoughForRanks(2, 7), enoughForRanks(4, 4), enoughForRanks(7, 7)]).toEqual([false, false, true, true]);
});
