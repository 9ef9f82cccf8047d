/** What claims come to when the pool's counter says how many there are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claim } from '../../../../lib/inspect/ledger/claims.js';
import { settle } from '../../../../lib/inspect/ledger/settle.js';
import { hull } from '../../../../lib/inspect/ledger/spans.js';

const claim = (row: string, expected: number, least = expected, most = expected, firm = false): Claim<string> => {
  return { row, usual: [[expected, expected]], least, most, firm };
};
const oneOf = (row: string, ...usual: (readonly [least: number, most: number])[]): Claim<string> => {
  const [least, most] = hull(usual);
  return { row, usual, least, most, firm: false };
};
const shown = (claims: readonly Claim<string>[], total: number) => {
  const { reserved, undetermined, residue } = settle(claims, total);
  return { ...Object.fromEntries(reserved), ...(undetermined.among.length > 0 && { undetermined }), ...(residue !== 0 && { residue }) };
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
      { row: 'a', least: 0, most: 1 },
      { row: 'b', least: 0, most: 1 },
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

  it('of which each is all or nothing are those that come to the total', () => {
    const [a, b, c] = [oneOf('a', [5, 5], [0, 0]), oneOf('b', [3, 3], [0, 0]), oneOf('c', [1, 1], [0, 0])];
    expect(shown([a, b, c], 6)).toEqual({ a: 5, b: 0, c: 1 });
    expect(shown([a, b, c, claim('d', 2, 0, 2)], 2)).toEqual({ a: 0, b: 0, c: 0, d: 2 });
  });

  it('that are below zero or nothing are found where there is one way', () => {
    const orphans = [oneOf('a', [-3, 0]), oneOf('b', [-2, 0])];
    expect(shown([...orphans, claim('c', 2)], -3)).toEqual({ a: -3, b: -2, c: 2 });
    expect(shown([...orphans, claim('c', 2, 0, 2)], 2)).toEqual({ a: 0, b: 0, c: 2 });
    expect(shown([...orphans, claim('c', 2, 0, 2)], -5)).toEqual({ a: -3, b: -2, c: 0 });
    expect(shown([oneOf('a', [4, 4], [-2, 0]), oneOf('b', [3, 3], [-2, 0])], -4)).toEqual({ a: -2, b: -2 });
  });

  it('that are ranges may hide that others have less than is usual, up to their width', () => {
    const among = [
      { row: 'a', least: -1, most: 0 },
      { row: 'b', least: 0, most: 1 },
    ];
    expect(shown([oneOf('a', [-1, 0]), claim('b', 9, 0, 9), claim('c', 4, 0, 4, true)], 12)).toEqual({
      a: 0,
      b: 8,
      c: 4,
      undetermined: { pages: 0, among },
    });
  });

  it('say of several that may be below zero only what is certain', () => {
    const among = [
      { row: 'a', least: -1, most: 0 },
      { row: 'b', least: -1, most: 0 },
    ];
    expect(shown([oneOf('a', [-3, 0]), oneOf('b', [-2, 0])], -1)).toEqual({ a: 0, b: 0, undetermined: { pages: -1, among } });
    const opposite = [
      { row: 'a', least: 0, most: 2 },
      { row: 'b', least: -2, most: 0 },
    ];
    expect(shown([oneOf('a', [0, 2]), oneOf('b', [-2, 0])], 0)).toEqual({ a: 0, b: 0, undetermined: { pages: 0, among: opposite } });
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

  it('are never said to be what they are not, as long as what is usual was done', () => {
    const span = fc.tuple(fc.integer({ min: -4, max: 6 }), fc.nat(3)).map(([from, more]) => [from, from + more] as const);
    const spans = fc.array(span, { minLength: 1, maxLength: 3 });
    const made = fc.record({ row: fc.constantFrom('a', 'b', 'c', 'd', 'e'), usual: spans, chosen: fc.nat() });
    const property = fc.property(fc.array(made, { maxLength: 9 }), (list) => {
      const truth = new Map<string, number>();
      for (const { row, usual, chosen } of list) {
        const values = usual.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
        truth.set(row, (truth.get(row) ?? 0) + (values[chosen % values.length] ?? 0));
      }
      const claims = list.map(({ row, usual }) => oneOf(row, ...usual));
      const total = [...truth.values()].reduce((sum, pages) => sum + pages, 0);
      const { reserved, undetermined, residue } = settle(claims, total);
      expect(residue).toBe(0);
      for (const [row, pages] of truth) {
        const { least, most } = undetermined.among.find((other) => other.row === row) ?? { least: 0, most: 0 };
        const rest = pages - (reserved.get(row) ?? 0);
        expect(rest).toBeGreaterThanOrEqual(least);
        expect(rest).toBeLessThanOrEqual(most);
      }
    });
    fc.assert(property);
  });

  it('come to the total also where there are more ways than can be looked at', () => {
    const many = Array.from({ length: 100 }, (_, index) => oneOf(String(index), [1000 + index * 7, 1000 + index * 7], [-3, 0]));
    const { reserved, undetermined } = settle(many, 12_345);
    expect([...reserved.values()].reduce((sum, pages) => sum + pages, 0) + undetermined.pages).toBe(12_345);
  });
});
