/** lock() and unlock(): what is locked, as the kernel counts it. */
import { describe, expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import { mappingsOf, smapsBytes, statusBytes } from '../../support/kernel-text.js';
import { presentBytes } from '../../support/page-frames.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

// An ordinary user may lock 8 MiB by default, on old kernels 64 KiB.
const SIZE = 8 * BASE_PAGE;

describe('locking', () => {
  it('populates and locks the whole region', () => {
    const before = statusBytes('VmLck');
    using region = allocateSync({ size: SIZE, backing: ['base'], prefault: false });
    region.lock();
    expect(statusBytes('VmLck') - before).toBe(SIZE);
    expect(smapsBytes(region, 'Locked')).toBe(SIZE);
    expect(presentBytes(region)).toBe(SIZE);
    region.unlock();
    expect(statusBytes('VmLck')).toBe(before);
    expect(presentBytes(region)).toBe(SIZE);
  });

  it('is of the part it is told', () => {
    const before = statusBytes('VmLck');
    using region = allocateSync({ size: SIZE, backing: ['base'], prefault: false });
    region.lock(2 * BASE_PAGE, 3 * BASE_PAGE);
    expect(presentBytes(region)).toBe(3 * BASE_PAGE);
    expect(presentBytes({ address: region.address + BigInt(2 * BASE_PAGE), byteLength: 3 * BASE_PAGE })).toBe(3 * BASE_PAGE);
    region.unlock(3 * BASE_PAGE, BASE_PAGE);
    expect(statusBytes('VmLck') - before).toBe(2 * BASE_PAGE);
  });

  it('ends with the region', () => {
    const before = statusBytes('VmLck');
    const region = allocateSync({ size: SIZE, backing: ['base'] });
    region.bytes().fill(1);
    region.lock();
    region.dispose();
    expect(statusBytes('VmLck')).toBe(before);
  });

  const POOL = { pageSize: H, pages: 2 };
  requires({ pool: POOL }).describe('hugetlb pages', () => {
    withPool(POOL);

    it('populates them and counts nothing: they are never swapped', () => {
      const before = allCounters();
      const locked = statusBytes('VmLck');
      using region = allocateSync({ size: 2 * H, backing: ['hugetlb'], prefault: false });
      region.lock(H);
      expect(delta(before)).toEqual({ [H]: { free: -1, reserved: 1 } });
      expect(statusBytes('VmLck')).toBe(locked);
      expect(mappingsOf(region.address, region.byteLength).flatMap(({ flags }) => flags)).not.toContain('lo');
      region.unlock();
      expect(delta(before)).toEqual({ [H]: { free: -1, reserved: 1 } });
    });
  });
});
