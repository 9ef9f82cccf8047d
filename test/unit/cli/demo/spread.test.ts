import { describe, expect, it } from 'vitest';
import { spread, verdict } from '../../../../lib/cli/demo/spread.js';

describe('spread', () => {
  it('orders numbers, not texts', () => {
    expect(spread([10, 9, 200])).toEqual({ min: 9, median: 10, max: 200 });
  });

  it('takes the mean of the middle two', () => {
    expect(spread([4, 1, 2, 3])).toEqual({ min: 1, median: 2.5, max: 4 });
  });
});

describe('verdict', () => {
  it('claims a gain when all rounds agree', () => {
    expect(verdict({ min: 1.01, median: 1.5, max: 2 })).toBe('the region was faster in every round, 1.50 times at the median');
  });

  it('admits a loss when all rounds agree', () => {
    expect(verdict({ min: 0.4, median: 0.5, max: 0.99 })).toBe('the region was slower in every round, 2.00 times at the median');
  });

  it('claims nothing when one round disagrees', () => {
    expect(verdict({ min: 0.99, median: 1.5, max: 2 })).toContain('no gain seen');
    expect(verdict({ min: 0.5, median: 0.8, max: 1 })).toContain('no gain seen');
  });
});
