/** Memory pressure as the kernel writes it. */
import { describe, expect, it } from 'vitest';
import { memoryPressure, parsePressure } from '../../../lib/host/pressure.js';

describe('parsePressure', () => {
  it.each([
    ['some avg10=12.34 avg60=5.00 avg300=1.00 total=123\nfull avg10=99.00 avg60=0.00 avg300=0.00 total=1', 12.34],
    ['some avg10=0.00 avg60=0.00 avg300=0.00 total=0', 0],
    ['', undefined],
    ['full avg10=1.00', undefined],
  ])('%j is %j', (text, percent) => {
    expect(parsePressure(text)).toBe(percent);
  });

  it('is unknown where there is no such file', () => {
    expect(memoryPressure({ root: '/nonexistent' })).toBeUndefined();
  });
});
