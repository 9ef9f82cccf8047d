import { describe, expect, it } from 'vitest';
import { LINE, lineOffset } from '../../../lib/bench/chase.js';
import { Draw } from '../../../lib/bench/draw.js';
import { followChase, layChase } from '../../../lib/index.js';
import { BAD_NUMBERS, NONSENSE, expectArgumentError, isNoObject } from '../../support/hostile.js';
import { errorOf } from '../../support/thrown.js';

describe('layChase', () => {
  it.each([
    [64, undefined],
    [4096, undefined],
    [4096, 7],
    [65536, 3],
  ])('lays one cycle through every line and nothing else: stride %i, count %s', (stride, count) => {
    const words = new Uint32Array(2 ** 16).fill(0xffffffff);
    const lines = layChase(words, { stride, ...(count !== undefined && { count }) });
    expect(lines).toBe(count ?? words.byteLength / stride);
    const firstWords = new Set(Array.from({ length: lines }, (_, index) => lineOffset(index, stride) / 4));
    expect([...words.keys()].filter((index) => words[index] !== 0xffffffff)).toEqual([...firstWords].sort((a, b) => a - b));
    const visited = new Set<number>();
    let at = 0;
    for (let step = 0; step < lines; step++) {
      visited.add(at);
      at = followChase(words, 1, at);
    }
    expect(at).toBe(0);
    expect(visited).toEqual(firstWords);
    expect(followChase(words, 10 * lines)).toBe(0);
  });

  it('lays another cycle for another seed', () => {
    const laid = (seed?: number): Uint32Array => {
      const words = new Uint32Array(2 ** 12);
      layChase(words, { stride: LINE, ...(seed !== undefined && { seed }) });
      return words;
    };
    expect(laid(1)).toEqual(laid());
    expect(laid(2)).not.toEqual(laid());
  });

  it('refuses what is no array of words, and lines that do not fit', () => {
    for (const value of [...NONSENSE, [], 'words']) {
      expectArgumentError(
        errorOf(() => layChase(value as Uint32Array)),
        value,
      );
      expectArgumentError(
        errorOf(() => followChase(value as Uint32Array, 1)),
        value,
      );
    }
    const words = new Uint32Array(2048);
    for (const value of [...BAD_NUMBERS, 0, 32, 96, 16384])
      expectArgumentError(
        errorOf(() => layChase(words, { stride: value })),
        value,
      );
    for (const value of [...BAD_NUMBERS, 0, 3])
      expectArgumentError(
        errorOf(() => layChase(words, { count: value })),
        value,
      );
    for (const value of BAD_NUMBERS) {
      expectArgumentError(
        errorOf(() => layChase(words, { seed: value })),
        value,
      );
      if (value !== 2 ** 53)
        expectArgumentError(
          errorOf(() => followChase(words, value)),
          value,
        );
      expectArgumentError(
        errorOf(() => followChase(words, 1, value)),
        value,
      );
    }
    for (const value of NONSENSE.filter(isNoObject))
      expectArgumentError(
        errorOf(() => layChase(words, value as object)),
        value,
      );
    expectArgumentError(
      errorOf(() => layChase(words, { step: 1 } as object)),
      'step',
    );
    expectArgumentError(
      errorOf(() => layChase(new Uint32Array(8))),
      8,
    );
  });
});

it('a chase through memory that holds anything ends', () => {
  expect(followChase(Uint32Array.of(3, 0xffffffff, 0, 1), 1000)).toBeLessThan(2 ** 32);
});

it('Draw draws below any limit, and reaches all', () => {
  for (const limit of [1, 2, 3, 10]) {
    const random = new Draw(7);
    expect(new Set(Array.from({ length: 1000 }, () => random.below(limit))).size).toBe(limit);
  }
  // Whether the product of 64 bits is exact: by its definition, in integers that are.
  for (const limit of [2 ** 32, 2 ** 32 - 1, 12345678901 % 2 ** 32, 2 ** 21 + 1]) {
    const [random, again] = [new Draw(11), new Draw(11)];
    for (let i = 0; i < 1000; i++) expect(random.below(limit)).toBe(Number((BigInt(again.next()) * BigInt(limit)) >> 32n));
  }
});
