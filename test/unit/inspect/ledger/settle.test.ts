/** What claims come to when the pool's counter says how many there are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claim } from '../../../../lib/inspect/ledger/claims.js';
import { settle } from '../../../../lib/inspect/ledger/settle.js';

const claim = (row: string, expected: number, least = expected, most = expected, firm = false): Claim<string> => {
  return { row, expected, least, most, firm };
};
const shown = (claims: readonly Claim<string>[], total: number) => {
  const { reserved, undetermined, residue } = settle(claims, total);
  return { ...Object.fromEntries(reserved), ...(undetermined.pages !== 0 && { undetermined }), ...(residue !== 0 && { residue }) };
};

describe('claims', () => {
  it('are what they are expected to be, when they come to the total', () => {
    expect(shown([claim('a', 2, 0, 4), claim('b', 1, 0, 1)], 3)).toEqual({ a: 2, b: 1 });
  });

  it('have one that may be another make the difference', () => {
    expect(shown([claim('a', 2, 0, 4), claim('b', 1)], 1)).toEqual({ a: 0, b: 1 });
    expect(shown([claim('a', 2, 0, 4), claim('b', 1)], 5)).toEqual({ a: 4, b: 1 });
  });

  it('make it together, where it takes all of them', () => {
    expect(shown([claim('a', 2, 0, 2), claim('b', 3, 0, 3)], 0)).toEqual({ a: 0, b: 0 });
  });

  it('of several that may be others say what is certain, and who may have the rest', () => {
    const among = [
      { row: 'a', most: 1 },
      { row: 'b', most: 1 },
    ];
    expect(shown([claim('a', 2, 0, 2), claim('b', 1, 0, 1)], 2)).toEqual({ a: 1, b: 0, undetermined: { pages: 1, among } });
  });

  it('that are firm stay, where others can make the difference', () => {
    expect(shown([claim('a', 2, 0, 2, true), claim('b', 2, 0, 2)], 3)).toEqual({ a: 2, b: 1 });
    expect(shown([claim('a', 2, 0, 2, true), claim('b', 2, 0, 2)], 0)).toEqual({ a: 0, b: 0 });
  });

  it('of one row are one', () => {
    expect(shown([claim('a', 1, 0, 1), claim('a', 2, 0, 2)], 1)).toEqual({ a: 1 });
  });

  it('may be below zero', () => {
    expect(shown([claim('a', 0, -3, 0), claim('b', 2)], -1)).toEqual({ a: -3, b: 2 });
  });

  it('that cannot make the difference leave it as a residue', () => {
    expect(shown([claim('a', 1, 0, 2)], 5)).toEqual({ a: 1, residue: 4 });
    expect(shown([], 5)).toEqual({ residue: 5 });
  });

  it('always come to the total, and each to what is possible', () => {
    const bounds = fc.array(fc.integer({ min: -5, max: 9 }), { minLength: 3, maxLength: 3 });
    const any = fc.record({ row: fc.constantFrom('a', 'b', 'c'), bounds });
    const property = fc.property(fc.array(fc.tuple(any, fc.boolean())), fc.integer({ min: -20, max: 60 }), (list, total) => {
      const claims = list.map(([{ row, bounds }, firm]) => {
        const [least = 0, expected = 0, most = 0] = [...bounds].sort((a, b) => a - b);
        return claim(row, expected, least, most, firm);
      });
      const { reserved, undetermined, residue } = settle(claims, total);
      expect([...reserved.values()].reduce((sum, pages) => sum + pages, 0) + undetermined.pages + residue).toBe(total);
      for (const [row, pages] of reserved) {
        const own = claims.filter((one) => one.row === row);
        expect(pages).toBeGreaterThanOrEqual(own.reduce((sum, { least }) => sum + least, 0));
        expect(pages).toBeLessThanOrEqual(own.reduce((sum, { most }) => sum + most, 0));
      }
    });
    fc.assert(property);
  });
});
