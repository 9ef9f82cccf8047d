import { describe, expect, it } from 'vitest';
import { findRises } from '../../../lib/bench/tlb/knees.js';

/** Costs of 16, 32, ... pages. */
function costs(...list: number[]): { pages: number; cost: number }[] {
  return list.map((cost, index) => ({ pages: 2 ** (4 + index), cost }));
}

describe('findRises', () => {
  it('finds both levels', () => {
    // As measured: 96 and 2048 entries.
    expect(findRises(costs(0, 0, 0, 1.95, 1.95, 1.95, 1.96, 9, 16.6, 16.4, 19.1))).toMatchObject([
      { level: 1, below: 64, above: 128, missCost: 1.95 },
      { level: 2, below: 2048, above: 4096, missCost: 16.4 },
    ]);
  });

  it('finds the second level also where other programs disturb what is far behind it', () => {
    expect(findRises(costs(0, 0, 0, 1.95, 1.95, 1.95, 1.96, 9, 17.6, 18, 170))).toMatchObject([
      { level: 1, missCost: 1.95 },
      { level: 2, below: 2048, above: 4096, missCost: 17.6 },
    ]);
  });

  it('finds one where there is one, and none where no page costs more than a line', () => {
    expect(findRises(costs(0, 0, 0, 2, 2, 2, 2, 2.1, 2.2, 2.4, 2.8))).toMatchObject([{ level: 1, below: 64, above: 128 }]);
    expect(findRises(costs(0, 0.1, -0.1, 0, 0.2, 0.1, 0, 0, 0.1, 0.2, 0.3))).toEqual([]);
    expect(findRises([])).toEqual([]);
    expect(findRises(costs(0, 0.1, 0, 0.2, 0, 0.1, 0, 0.1, 0.2, 0.1, 30))).toEqual([]);
    expect(findRises(costs(0, 0.1, 0, 3, 0, 0.1, 0, 0.1, 0.2, 0.1, 0.1))).toEqual([]);
    expect(findRises(costs(5, 5))).toEqual([]);
  });
});
