/** Where a region lies: alignment, guard pages, hints. */
import { describe, expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import type { BackingKind, Region } from '../../../lib/index.js';
import { mappingsOf, statusBytes } from '../../support/kernel-text.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf } from '../../support/thrown.js';

const GIB = 2 ** 30;

/** Permissions of the base pages that lie before and after a region. */
function neighbours({ address, byteLength }: Region): (string | undefined)[] {
  return [address - BigInt(BASE_PAGE), address + BigInt(byteLength)].map((page) => mappingsOf(page, BASE_PAGE)[0]?.permissions);
}

function checkPlacement(backing: BackingKind, natural: number): void {
  it.each([1, BASE_PAGE, H, 8 * H, GIB])('an alignment of %i is kept', (alignment) => {
    using region = allocateSync({ size: 2 * H, backing: [backing], alignment });
    expect(region.address % BigInt(Math.max(alignment, natural))).toBe(0n);
    region.bytes().fill(1);
    expect(region.backing).toMatchObject({ kind: backing, presentBytes: 2 * H });
  });

  it('guards are inaccessible and no part of the region', () => {
    using region = allocateSync({ size: 2 * H, backing: [backing], guard: true });
    expect(neighbours(region)).toEqual(['---p', '---p']);
    expect(region.byteLength).toBe(2 * H);
    expect(region.address % BigInt(natural)).toBe(0n);
    region.bytes().fill(1);
    expect(neighbours(region)).toEqual(['---p', '---p']);
  });

  it('guards go with a region of which no view was made', () => {
    const region = allocateSync({ size: 2 * H, backing: [backing], guard: true });
    region.dispose();
    expect(neighbours(region)).not.toContain('---p');
  });

  it('guards and a large alignment go together', () => {
    using region = allocateSync({ size: H, backing: [backing], guard: true, alignment: '64MiB' });
    expect(region.address % BigInt(64 * 2 ** 20)).toBe(0n);
    expect(neighbours(region)).toEqual(['---p', '---p']);
  });

  it('a hint at free addresses is taken', () => {
    const addressHint = 0x2000_0000_0000n;
    expect(mappingsOf(addressHint, H)).toEqual([]);
    using region = allocateSync({ size: H, backing: [backing], addressHint });
    expect(region.address).toBe(addressHint);
  });

  it('a hint at another region is not, and that one keeps its data', () => {
    using first = allocateSync({ size: H, backing: [backing] });
    first.bytes().fill(0x11);
    for (const addressHint of [first.address, first.address + 1n]) {
      using second = allocateSync({ size: H, backing: [backing], addressHint });
      expect(second.address >= first.address + BigInt(H) || second.address + BigInt(H) <= first.address).toBe(true);
      second.bytes().fill(0x22);
    }
    expect(first.bytes().equals(Buffer.alloc(H, 0x11))).toBe(true);
  });
}

describe('base pages', () => {
  checkPlacement('base', BASE_PAGE);
});

requires({ thp: true }).describe('transparent huge pages', () => {
  checkPlacement('thp', H);
});

const POOL = { pageSize: H, pages: 2 };
requires({ pool: POOL }).describe('hugetlb pages', () => {
  withPool(POOL);
  checkPlacement('hugetlb', H);

  it('a region that fails beside its guards leaves neither pages nor addresses taken', () => {
    const before = allCounters();
    const addresses = statusBytes('VmSize');
    for (let i = 0; i < 100; i++) {
      const error = errorOf(() => allocateSync({ size: 3 * H, backing: ['hugetlb'], guard: true, alignment: GIB }));
      expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MEMORY' });
    }
    // One area that stayed would be a GiB.
    expect(statusBytes('VmSize') - addresses).toBeLessThan(GIB);
    expect(delta(before)).toEqual({});
  });
});
