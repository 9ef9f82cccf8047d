/** Which backing is taken, and what the region says of those that were not. */
import { describe, expect, it } from 'vitest';
import { allocate, allocateSync } from '../../../lib/index.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { withThp } from '../../support/thp.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';

const EMPTY = { pageSize: H, pages: 0 };
const POOL = { pageSize: H, pages: 2 };
const NO_POOL = { backing: 'hugetlb', pageSize: H, error: { code: 'ERR_HUGEPAGES_NO_MEMORY' } };
const NO_THP = { backing: 'thp', error: { code: 'ERR_HUGEPAGES_UNSUPPORTED' } };

describe('the order of backings', () => {
  it('base pages alone are taken when they alone are asked for', async () => {
    using region = await allocate({ size: 1, backing: ['base'] });
    expect(region.attempts).toEqual([{ backing: 'base', pageSize: BASE_PAGE }]);
    expect(region.backing).toEqual({ kind: 'base', pageSize: BASE_PAGE, presentBytes: BASE_PAGE, hugeBytes: 0 });
  });

  requires({ pool: EMPTY }).describe('without a pool', () => {
    withPool(EMPTY);

    it('a strict hugetlb region is refused, and nothing has changed', async () => {
      const before = allCounters();
      for (const error of [
        errorOf(() => allocateSync({ size: H, backing: ['hugetlb'] })),
        await rejectionOf(allocate({ size: H, backing: ['hugetlb'] })),
      ]) {
        expect(error).toMatchObject({ name: 'HugePagesError', code: 'ERR_HUGEPAGES_NO_MEMORY', errno: -12, syscall: 'mmap' });
      }
      expect(delta(before)).toEqual({});
    });
  });

  requires({ pool: EMPTY, thp: true }).describe('without a pool, where THP is on', () => {
    withPool(EMPTY);
    withThp({ enabled: 'madvise' });

    it('transparent huge pages are next', async () => {
      for (const region of [await allocate({ size: 2 * H }), allocateSync({ size: 2 * H })]) {
        expect(region.attempts).toMatchObject([NO_POOL, { backing: 'thp', pageSize: H }]);
        expect(region.attempts.at(-1)).not.toHaveProperty('error');
        expect(region.backing).toEqual({ kind: 'thp', pageSize: H, presentBytes: 2 * H, hugeBytes: 2 * H });
        region.dispose();
      }
    });

    it('an order of the caller is kept', () => {
      using base = allocateSync({ size: H, backing: ['hugetlb', 'base', 'thp'] });
      expect(base.attempts).toMatchObject([NO_POOL, { backing: 'base' }]);
      using thp = allocateSync({ size: H, backing: ['thp', 'hugetlb'] });
      expect(thp.attempts.map(({ backing }) => backing)).toEqual(['thp']);
    });
  });

  requires({ pool: EMPTY, thp: true }).describe('without a pool, where THP is off', () => {
    withPool(EMPTY);
    withThp({ enabled: 'never' });

    it('base pages are last, for a region that is not populated', () => {
      using region = allocateSync({ size: 2 * H, prefault: false });
      expect(region.attempts).toMatchObject([NO_POOL, NO_THP, { backing: 'base', pageSize: BASE_PAGE }]);
      expect(region.backing).toMatchObject({ kind: 'base', pageSize: BASE_PAGE, presentBytes: 0 });
    });

    it('the error of the first backing leads when all fail', () => {
      const error = errorOf(() => allocateSync({ size: 2 * H, backing: ['thp', 'hugetlb'], prefault: false }));
      expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_UNSUPPORTED', details: { attempts: [NO_THP, NO_POOL] } });
      expect((error as Error).message).toMatch(/thp[^]*hugetlb/);
    });
  });

  requires({ pool: POOL }).describe('with a pool', () => {
    withPool(POOL);

    it('hugetlb pages are taken first', async () => {
      const before = allCounters();
      using region = await allocate({ size: 2 * H });
      expect(region.attempts).toEqual([{ backing: 'hugetlb', pageSize: H }]);
      expect(region.backing.kind).toBe('hugetlb');
      expect(delta(before)).toEqual({ [H]: { free: -2 } });
    });

    it('a region that needs one page too many takes none of the pool', () => {
      const before = allCounters();
      using region = allocateSync({ size: 3 * H });
      expect(region.attempts[0]).toMatchObject(NO_POOL);
      expect(region.backing.kind).not.toBe('hugetlb');
      expect(delta(before)).toEqual({});
    });
  });
});
