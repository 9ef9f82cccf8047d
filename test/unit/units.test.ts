import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GiB, KiB, MAX_BYTES, MiB, counted, formatExactSize, formatSize, parseSize } from '../../lib/units.js';
import { errorOf } from '../support/thrown.js';

describe('parseSize', () => {
  it.each([
    [1, 1],
    [4096n, 4 * KiB],
    ['4096', 4 * KiB],
    ['7B', 7],
    ['4kB', 4 * KiB],
    ['4K', 4 * KiB],
    ['2MiB', 2 * MiB],
    ['64m', 64 * MiB],
    ['1gib', GiB],
    ['1 GiB', GiB],
    [' 1GB ', GiB],
    ['1.5MiB', 1536 * KiB],
    ['2T', 2 * KiB * GiB],
    [MAX_BYTES, MAX_BYTES],
    [BigInt(MAX_BYTES), MAX_BYTES],
    ['128T', MAX_BYTES],
  ])('reads %o as %i bytes', (size, bytes) => {
    expect(parseSize(size)).toBe(bytes);
  });

  const outside = [0, -1, 0.5, NaN, Infinity, -Infinity, 2 ** 53, MAX_BYTES + 1, 0n, -1n, 2n ** 64n];
  it.each([...outside, '0', '0.3B', '1.3KiB', '129T', '1PiB', '9'.repeat(400)])('refuses %o as out of range', (size) => {
    const error = errorOf(() => parseSize(size));
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
  });

  const noText = [undefined, null, true, {}, [1], Symbol('1'), () => 1];
  const otherText = ['', ' ', 'MiB', '-1', '+1', '1e3', '0x10', '1ZiB', '1 2', '1,5M', '1MiB\0', '１MiB'];
  it.each([...noText, ...otherText])('refuses %o as no size', (size) => {
    const error = errorOf(() => parseSize(size));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: typeof size === 'string' ? 'ERR_INVALID_ARG_VALUE' : 'ERR_INVALID_ARG_TYPE' });
  });

  it('names the argument and its range', () => {
    expect(errorOf(() => parseSize('5K', 'alignment', 8 * KiB, 16 * KiB))).toMatchObject({
      message: 'The value of "alignment" is out of range. It must be a whole number of bytes >= 8192 and <= 16384. Received string \'5K\'',
    });
  });

  it('does not call into objects that pose as numbers', () => {
    const trap = { valueOf: () => expect.unreachable(), toString: () => expect.unreachable() };
    expect(errorOf(() => parseSize(trap))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });
});

describe('formatSize', () => {
  it.each([
    [0, '0B'],
    [1023, '1023B'],
    [KiB, '1KiB'],
    [1536, '1.5KiB'],
    [2 * MiB, '2MiB'],
    [GiB + 256 * MiB, '1.25GiB'],
    [-2 * MiB, '-2MiB'],
    [MAX_BYTES, '128TiB'],
    [2 ** 53, '8PiB'],
  ])('writes %i as %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });

  it('writes what parseSize reads back, for whole numbers of a unit', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 1023 }), fc.integer({ min: 0, max: 3 })).map(([count, power]) => count * KiB ** power);
    fc.assert(fc.property(sizes, (bytes) => parseSize(formatSize(bytes)) === bytes));
  });
});

describe('formatExactSize', () => {
  it.each([
    [0, '0B'],
    [1023, '1023B'],
    [1025, '1025B'],
    [1536, '1.5KiB'],
    [GiB, '1GiB'],
    [GiB + 512 * MiB, '1.5GiB'],
    [GiB + 2 * MiB, '1026MiB'],
    [GiB + 64 * KiB, '1048640KiB'],
    [-GiB - 2 * MiB, '-1026MiB'],
    [KiB * GiB + 2 * MiB, '1048578MiB'],
    [MAX_BYTES, '128TiB'],
  ])('writes %i as %s', (bytes, text) => {
    expect(formatExactSize(bytes)).toBe(text);
  });

  it('writes what parseSize reads back', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: MAX_BYTES }), (bytes) => parseSize(formatExactSize(bytes)) === bytes));
    fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 26 }), (pages) => parseSize(formatExactSize(pages * MiB)) === pages * MiB));
  });
});

it('one is counted in the singular', () => {
  expect([0, 1, 2].map((count) => counted(count, 'page'))).toEqual(['0 pages', '1 page', '2 pages']);
});
