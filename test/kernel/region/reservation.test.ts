/** Acceptance cases 3 and 6: what mapping, touching and disposing do to the pool. */
import { describe, expect, it } from 'vitest';
import { allocate, allocateSync } from '../../../lib/index.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';

const POOL = { pageSize: H, pages: 6 };

requires({ pool: POOL }).describe('a hugetlb region and its pool', () => {
  withPool(POOL);
  describe('private', () => {
    checkPool({ backing: ['hugetlb'], shared: false });
  });
  describe('shared', () => {
    checkPool({ backing: ['hugetlb'], shared: true });
  });
});

function checkPool(options: { backing: ['hugetlb']; shared: boolean }): void {
  it('reserves at mapping, takes at touch and gives back at dispose', () => {
    const before = allCounters();
    const region = allocateSync({ ...options, size: 4 * H, prefault: false });
    expect(delta(before)).toEqual({ [H]: { reserved: 4 } });

    region.bytes()[0] = 1;
    expect(delta(before)).toEqual({ [H]: { free: -1, reserved: 3 } });
    for (let offset = H; offset < 4 * H; offset += H) region.bytes()[offset] = 1;
    expect(delta(before)).toEqual({ [H]: { free: -4 } });

    region.dispose();
    expect(delta(before)).toEqual({});
  });

  it('gives back a reservation that was never touched', () => {
    const before = allCounters();
    allocateSync({ ...options, size: 6 * H, prefault: false }).dispose();
    expect(delta(before)).toEqual({});
  });

  it('takes all its pages when it is prefaulted', async () => {
    const before = allCounters();
    using region = await allocate({ ...options, size: 5 * H });
    expect(delta(before)).toEqual({ [H]: { free: -5 } });
    expect(region.backing).toEqual({ kind: 'hugetlb', pageSize: H, presentBytes: 5 * H, hugeBytes: 5 * H });
  });

  it('is refused at mapping, never at touch, when the pool has too little left', async () => {
    using first = allocateSync({ ...options, size: 4 * H, prefault: false });
    const between = allCounters();
    for (const prefault of [true, false]) {
      const failure = { code: 'ERR_HUGEPAGES_NO_MEMORY', errno: -12, syscall: 'mmap' };
      expect(errorOf(() => allocateSync({ ...options, size: 3 * H, prefault }))).toMatchObject(failure);
      expect(await rejectionOf(allocate({ ...options, size: 3 * H, prefault }))).toMatchObject(failure);
      expect(delta(between)).toEqual({});
    }
    // What was promised is there.
    first.bytes().fill(1);
    using second = allocateSync({ ...options, size: 2 * H, prefault: false });
    second.bytes().fill(2);
    expect(delta(between)).toEqual({ [H]: { free: -6, reserved: -4 } });
  });
}
