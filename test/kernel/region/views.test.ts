/** bytes() and view(): Buffers and typed arrays over a region. */
import { describe, expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import { BASE_PAGE } from '../../support/page-sizes.js';
import { errorOf } from '../../support/thrown.js';

const SIZE = 4 * BASE_PAGE;
const ARRAYS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
];

describe('bytes()', () => {
  it('is a Buffer of the whole region or a part', () => {
    using region = allocateSync({ size: SIZE, backing: ['base'] });
    expect(Buffer.isBuffer(region.bytes())).toBe(true);
    expect(region.bytes().length).toBe(SIZE);
    region.bytes(3, 5).write('hello');
    expect(region.bytes(0, 10).toString('latin1')).toBe('\0\0\0hello\0\0');
    expect(region.bytes(SIZE - 2).length).toBe(2);
    expect(region.bytes(SIZE).length).toBe(0);
    expect(region.bytes(7, 0).length).toBe(0);
  });

  it('stays in the region', () => {
    using region = allocateSync({ size: SIZE, backing: ['base'] });
    for (const [offset, length] of [[SIZE + 1], [0, SIZE + 1], [1, SIZE], [SIZE, 1]] as [number, number?][]) {
      expect(errorOf(() => region.bytes(offset, length))).toMatchObject({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
    }
  });
});

describe.each(ARRAYS)('view(%o)', (Type) => {
  const size = Type.BYTES_PER_ELEMENT;

  it('covers the region', () => {
    using region = allocateSync({ size: SIZE, backing: ['base'] });
    const view = region.view<InstanceType<typeof Type>>(Type);
    expect(view).toBeInstanceOf(Type);
    expect([view.byteOffset, view.length, view.byteLength]).toEqual([0, SIZE / size, SIZE]);
  });

  it('covers a part, counted in elements', () => {
    using region = allocateSync({ size: SIZE, backing: ['base'] });
    const view = region.view<InstanceType<typeof Type>>(Type, 3 * size, 5);
    expect([view.byteOffset, view.length]).toEqual([3 * size, 5]);
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength).fill(0x11);
    expect(region.bytes().filter((byte) => byte === 0x11).length).toBe(5 * size);
    expect(region.view<InstanceType<typeof Type>>(Type, SIZE).length).toBe(0);
  });

  it('is refused out of range and misaligned', () => {
    using region = allocateSync({ size: SIZE, backing: ['base'] });
    const refused: [number, number?][] = [[SIZE + size], [0, SIZE / size + 1], [size, SIZE / size], [SIZE, 1], [-size], [0, -1], [0, 0.5]];
    if (size > 1) refused.push([1], [size - 1], [size + 1, 1]);
    for (const [offset, length] of refused) {
      const error = errorOf(() => region.view<InstanceType<typeof Type>>(Type, offset, length));
      expect(error).toMatchObject({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
    }
  });
});

describe('view() of other types', () => {
  it('takes DataView, at any offset', () => {
    using region = allocateSync({ size: SIZE, backing: ['base'] });
    const view = region.view(DataView, 3);
    expect([view.byteOffset, view.byteLength]).toEqual([3, SIZE - 3]);
    view.setUint32(0, 0x01020304);
    expect([...region.bytes(3, 4)]).toEqual([1, 2, 3, 4]);
  });

  it('takes subclasses', () => {
    class Points extends Float32Array {}
    using region = allocateSync({ size: SIZE, backing: ['base'] });
    expect(region.view(Points, 4, 2)).toBeInstanceOf(Points);
  });
});
