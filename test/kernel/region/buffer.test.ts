/** buffer() and sharedBuffer(): JavaScript's own memory objects over a region. */
import { describe, expect, it } from 'vitest';
import { HugePagesError, allocateSync } from '../../../lib/index.js';
import type { Region } from '../../../lib/index.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { errorOf } from '../../support/thrown.js';

const SIZE = 4 * BASE_PAGE;

function small(): Region {
  return allocateSync({ size: SIZE, backing: ['base'] });
}

describe('buffer()', () => {
  it('is an ArrayBuffer of the whole region, the same each time', () => {
    using region = small();
    const buffer = region.buffer();
    expect(buffer).toBeInstanceOf(ArrayBuffer);
    expect(buffer.byteLength).toBe(SIZE);
    expect(region.buffer()).toBe(buffer);
    expect(region.bytes().buffer).toBe(buffer);
    expect(region.view(Float64Array).buffer).toBe(buffer);
  });

  it('begins as zeros', () => {
    using region = small();
    expect(region.bytes().equals(Buffer.alloc(SIZE))).toBe(true);
  });

  it('of a part is a window on the same memory', () => {
    using region = small();
    const window = new Uint8Array(region.buffer(100, 50));
    expect(window.byteLength).toBe(50);
    window.fill(7);
    expect([...region.bytes(98, 54)]).toEqual([0, 0, ...new Array<number>(50).fill(7), 0, 0]);
    region.bytes()[100] = 8;
    expect(window[0]).toBe(8);
  });

  it('takes offsets and lengths up to the end', () => {
    using region = small();
    expect(region.buffer(SIZE).byteLength).toBe(0);
    expect(region.buffer(0, 0).byteLength).toBe(0);
    expect(region.buffer(SIZE - 1).byteLength).toBe(1);
    expect(region.buffer(0, SIZE)).toBe(region.buffer());
    for (const [offset, length] of [[SIZE + 1], [0, SIZE + 1], [1, SIZE], [SIZE, 1]] as [number, number?][]) {
      expect(errorOf(() => region.buffer(offset, length))).toMatchObject({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
    }
  });

  it('is detached by dispose, windows as well', () => {
    const region = small();
    const whole = region.buffer();
    const window = region.buffer(BASE_PAGE, BASE_PAGE);
    const bytes = region.bytes(10, 10);
    const numbers = region.view(Uint32Array);
    region.dispose();
    expect([whole.byteLength, window.byteLength, bytes.length, numbers.length]).toEqual([0, 0, 0, 0]);
    expect(numbers[0]).toBeUndefined();
  });

  it('is made anew after the caller has transferred it away', () => {
    using region = small();
    region.bytes().fill(0x5a);
    try {
      structuredClone(region.buffer(), { transfer: [region.buffer()] });
    } catch (error) {
      // Node 22 and later refuse to transfer foreign memory; Node 20 copies it and detaches the original.
      expect(error).toMatchObject({ name: 'DataCloneError' });
    }
    // Node 22 and later: the pointer moves to another ArrayBuffer.
    const { transfer } = ArrayBuffer.prototype as { transfer?: () => ArrayBuffer };
    transfer?.call(region.buffer());
    expect(region.buffer().byteLength).toBe(SIZE);
    expect(region.bytes().equals(Buffer.alloc(SIZE, 0x5a))).toBe(true);
  });
});

const HAS_SHARED_BUFFERS = ((): boolean => {
  using region = small();
  try {
    region.sharedBuffer();
    return true;
  } catch {
    return false;
  }
})();

describe('sharedBuffer()', () => {
  if (HAS_SHARED_BUFFERS) {
    it('is the region, for Atomics', () => {
      const region = allocateSync({ size: H, backing: ['base'] });
      const shared = region.sharedBuffer();
      expect(shared).toBeInstanceOf(SharedArrayBuffer);
      expect(shared.byteLength).toBe(H);
      const cells = new Int32Array(shared);
      Atomics.add(cells, 3, 42);
      expect(region.view(Int32Array)[3]).toBe(42);
      expect(region.sharedBuffer(8, 8).byteLength).toBe(8);
      region.dispose();
      expect(cells[3]).toBe(0);
    });
  } else {
    it('is a coded error where Node.js cannot make one', () => {
      using region = small();
      const error = errorOf(() => region.sharedBuffer());
      expect(error).toBeInstanceOf(HugePagesError);
      expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_NO_SHARED_BUFFER' });
    });
  }

  it('is never missing on Node.js 26.1 and later', () => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    expect(HAS_SHARED_BUFFERS || major < 26 || (major === 26 && minor < 1)).toBe(true);
  });
});
