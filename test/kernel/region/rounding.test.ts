/** Acceptance case 1: lengths, hints and offsets that are not whole pages. */
import { expect, it } from 'vitest';
import { allocate, allocateSync } from '../../../lib/index.js';
import type { Region } from '../../../lib/index.js';
import { mappingsOf } from '../../support/kernel-text.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';

const POOL = { pageSize: H, pages: 4 };

requires({ pool: POOL }).describe('what is not whole pages', () => {
  withPool(POOL);

  it.each([
    [1, 1],
    [H - 1, 1],
    [H, 1],
    [H + 1, 2],
    [3 * H + 1, 4],
  ])('a region of %i bytes has %i huge pages', async (size, pages) => {
    const before = allCounters();
    using region = await allocate({ size, backing: ['hugetlb'] });
    expect(region.byteLength).toBe(pages * H);
    expect(region.buffer().byteLength).toBe(pages * H);
    expect(delta(before)).toEqual({ [H]: { free: -pages } });
  });

  it('a hint that is not aligned gives an aligned address', () => {
    const hint = 0x1000_0000_0000n;
    expect(mappingsOf(hint, 2 * H)).toEqual([]);
    using region = allocateSync({ size: H, backing: ['hugetlb'], addressHint: hint + BigInt(BASE_PAGE) + 1n });
    expect(region.address % BigInt(H)).toBe(0n);
    region.bytes().fill(1);
  });

  it('offsets and lengths that are not multiples are refused, and a neighbour keeps its data', async () => {
    using both = allocateSync({ size: 2 * H, backing: ['hugetlb'] });
    using neighbour = allocateSync({ size: H, backing: ['hugetlb'] });
    both.bytes().fill(0x11);
    neighbour.bytes().fill(0x22);
    const before = mappingsOf(both.address, both.byteLength);
    const calls: ((offset: number, length?: number) => unknown)[] = [
      (offset, length) => { both.protect('none', offset, length); },
      (offset, length) => { both.advise('random', offset, length); },
      (offset, length) => { both.lock(offset, length); },
      (offset, length) => { both.unlock(offset, length); },
    ];
    const parts: [offset: number, length?: number][] = [[1], [H / 2], [H + BASE_PAGE], [0, H - 1], [H, BASE_PAGE], [0, 3 * H], [3 * H, H]];
    for (const [offset, length] of parts) {
      for (const call of calls) {
        expect(errorOf(() => call(offset, length))).toMatchObject({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
      }
      const range = length === undefined ? { offset } : { offset, length };
      expect(await rejectionOf(both.prefault(range))).toMatchObject({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
    }
    // Nothing was asked of the kernel: permissions, advice and locks are what they were.
    expect(mappingsOf(both.address, both.byteLength)).toEqual(before);
    expect(holdsOnly(both, 0x11)).toBe(true);
    expect(holdsOnly(neighbour, 0x22)).toBe(true);
  });
});

function holdsOnly(region: Region, byte: number): boolean {
  return region.bytes().equals(Buffer.alloc(region.byteLength, byte));
}
