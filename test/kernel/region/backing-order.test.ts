/** Which backing is taken, and what the region says of those that were not. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { HugePagesError, allocate, allocateSync } from '../../../lib/index.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { withThp } from '../../support/thp.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';

const EMPTY = { pageSize: H, pages: 0 };
const POOL = { pageSize: H, pages: 2 };
const NO_POOL = { backing: 'hugetlb', pageSize: H, error: { code: 'ERR_HUGEPAGES_NO_MEMORY' } };
const NO_THP = { backing: 'thp', error: { code: 'ERR_HUGEPAGES_UNSUPPORTED' } };

/** Of the error of a region that no machine has room for. */
function refusal(backing?: ('hugetlb' | 'thp' | 'base')[]): HugePagesError {
  const error = errorOf(() => allocateSync({ size: '22TiB', ...(backing && { backing }) }));
  if (!(error instanceof HugePagesError)) throw error;
  return error;
}

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

  requires({ thp: true }).it('one error says what ruled each out, in a line, and what mends the first', () => {
    const [error, strict] = [refusal(), refusal(['hugetlb'])];
    const { code, errno, syscall, remedy } = strict;
    expect(error).toMatchObject({ code, errno, syscall });
    expect(remedy).toContain('Ask for less');
    // What is available changes from one moment to the next.
    expect(error.remedy?.replace(/[\d.]+GiB/, '')).toBe(remedy?.replace(/[\d.]+GiB/, ''));
    const lines = error.message.split('\n');
    expect(lines[0]).toBe(`Cannot allocate 22TiB on any of the backings: mmap failed with ENOMEM. ${String(error.remedy)}`);
    expect(lines.slice(1).map((line) => line.trim().split(': ', 1)[0])).toEqual(['hugetlb', 'thp', 'base']);
    expect(error.details.attempts?.map(({ message }) => message)).toEqual(lines.slice(1).map((line) => line.replace(/^ *\w+: /, '')));
    expect(error.details.reasons?.[0]?.code).toBe('pool-too-small');
    const shown = inspect(error.details).split('\n');
    expect(shown.length).toBeLessThan(42);
    expect(inspect(error).split('\n').length - shown.length).toBeLessThan(24);
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
      expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_UNSUPPORTED', remedy: expect.stringContaining('enabled') as string });
      const [thp, hugetlb] = [NO_THP, NO_POOL].map(({ backing, error: { code } }) => ({ backing, pageSize: H, code }));
      const attempts = [
        { ...thp, syscall: undefined, message: expect.stringContaining('are off') as string },
        { ...hugetlb, syscall: 'mmap', message: expect.stringContaining('is empty') as string },
      ];
      expect((error as HugePagesError).details.attempts).toEqual(attempts);
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
