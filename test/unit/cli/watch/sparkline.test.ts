import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sparkline } from '../../../../lib/cli/watch/sparkline.js';

describe('sparkline', () => {
  it.each([
    [[0, 1, 4, 7, 8], 8, '▁▂▅▇█'],
    [[0, 1, 999, 1000], 1000, '▁▂▇█'],
    [[0, 0], 0, '▁▁'],
    [[], 8, ''],
  ])('%j of %d', (values, max, bars) => {
    expect(sparkline(values, max, 10)).toBe(bars);
  });

  it('shows the last values where there is no room for all, and at least one', () => {
    expect(sparkline([8, 0, 8], 8, 2)).toBe('▁█');
    expect(sparkline([8, 0, 8], 8, -3)).toBe('█');
  });

  it('never puts a larger value lower', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.nat(1000), (a, b, max) => {
        const [low = '', high = ''] = sparkline([Math.min(a, b), Math.max(a, b)], max, 2);
        expect(low <= high).toBe(true);
      }),
    );
  });
});
