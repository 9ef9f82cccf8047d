import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCpuList, parseCpuList } from '../../../lib/host/cpu-list.js';

describe('CPU lists', () => {
  it.each([
    ['0-3,8', [0, 1, 2, 3, 8]],
    ['5', [5]],
    ['0,2,4-5', [0, 2, 4, 5]],
    ['', []],
  ])('%j', (text, numbers) => {
    expect(parseCpuList(text)).toEqual(numbers);
    expect(formatCpuList(numbers)).toBe(text);
  });

  it('ignores the newline at the end of a kernel file', () => {
    expect(parseCpuList('0-1\n')).toEqual([0, 1]);
  });

  it('reads back whatever it wrote', () => {
    const sets = fc.uniqueArray(fc.nat(300)).map((numbers) => numbers.sort((a, b) => a - b));
    fc.assert(
      fc.property(sets, (numbers) => {
        expect(parseCpuList(formatCpuList(numbers))).toEqual(numbers);
      }),
    );
  });
});
