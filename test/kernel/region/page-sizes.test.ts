/** Acceptance case 12, and how a page size is chosen. */
import { describe, expect, it } from 'vitest';
import { allocate, allocateSync, mount } from '../../../lib/index.js';
import { formatSize } from '../../../lib/units.js';
import { withMountDirectory } from '../../support/mounts.js';
import { BASE_PAGE, HUGE_PAGE as H, HUGE_PAGES } from '../../support/page-sizes.js';
import { allCounters, delta, obtainable, withPool } from '../../support/pool.js';
import type { PoolNeed } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';

const SOURCES = ['anonymous', 'memfd', 'file', 'sysv'] as const;

function emptyPoolsBut(pageSize: number): PoolNeed[] {
  return HUGE_PAGES.filter((size) => size !== pageSize).map((other) => ({ pageSize: other, pages: 0 }));
}

describe.each(HUGE_PAGES)('pages of %i bytes', (pageSize) => {
  const PAGES = obtainable({ pageSize, pages: 4 });
  const POOL = { pageSize, pages: PAGES };
  requires({ pool: POOL }).describe('in a pool of their own, with all others empty', () => {
    withPool(POOL, ...emptyPoolsBut(pageSize));
    const directory = withMountDirectory();

    it.each(SOURCES)(`${String(PAGES)} of them, of source %s, change that pool by as many, and no other pool`, async (source) => {
      if (source === 'file') mount({ path: directory.path('m'), pageSize });
      const before = allCounters();
      const path = source === 'file' ? { path: directory.path('m') } : {};
      using region = await allocate({ size: PAGES * pageSize, pageSize, backing: ['hugetlb'], source, ...path });
      expect(delta(before)).toEqual({ [pageSize]: { free: -PAGES } });
      expect(region.pageSize).toBe(pageSize);
      expect(region.address % BigInt(pageSize)).toBe(0n);
      expect(region.backing).toEqual({ kind: 'hugetlb', pageSize, presentBytes: PAGES * pageSize, hugeBytes: PAGES * pageSize });
      region.dispose();
      expect(delta(before)).toEqual({});
    });

    it('can be named as a number, a bigint or text', () => {
      for (const size of [pageSize, BigInt(pageSize), formatSize(pageSize)]) {
        using region = allocateSync({ size: 1, pageSize: size, backing: ['hugetlb'], prefault: false });
        expect(region.pageSize).toBe(pageSize);
      }
    });

    it("are what 'largest' takes for a region that fills one, and not for a smaller one", () => {
      using region = allocateSync({ size: pageSize, pageSize: 'largest', backing: ['hugetlb'], prefault: false });
      expect(region.pageSize).toBe(pageSize);
      if (pageSize === HUGE_PAGES[0]) return;
      const error = errorOf(() => allocateSync({ size: pageSize - 1, pageSize: 'largest', backing: ['hugetlb'] }));
      expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MEMORY' });
    });
  });
});

const LARGEST = HUGE_PAGES.at(-1) ?? H;
const POOL = { pageSize: H, pages: LARGEST / H };

requires({ pool: POOL }).describe('with pages in the default pool alone', () => {
  withPool(POOL, ...emptyPoolsBut(H));

  it('the default pool is taken unless another is named', () => {
    for (const options of [{}, { pageSize: 'default' }] as const) {
      using region = allocateSync({ size: 2 * H, backing: ['hugetlb'], ...options });
      expect(region.pageSize).toBe(H);
    }
  });

  it("'largest' goes on to smaller pages and says why", async () => {
    const before = allCounters();
    using region = await allocate({ size: LARGEST, pageSize: 'largest', backing: ['hugetlb'], prefault: false });
    expect(delta(before)).toEqual({ [H]: { reserved: POOL.pages } });
    const tried = HUGE_PAGES.filter((size) => size >= H).reverse();
    expect(region.attempts.map((attempt) => attempt.pageSize)).toEqual(tried);
    const codes = tried.map((size) => (size === H ? undefined : 'ERR_HUGEPAGES_NO_MEMORY'));
    expect(region.attempts.map((attempt) => attempt.error?.code)).toEqual(codes);
  });

  it("'largest' gives one page of the smallest pool to what fills none", () => {
    using region = allocateSync({ size: 1, pageSize: 'largest', backing: ['hugetlb'] });
    expect(region.byteLength).toBe(HUGE_PAGES[0]);
  });
});

describe('a page size that the machine lacks', () => {
  it.each([BASE_PAGE, 3 * H, 2 ** 46, '5MiB', 12345n])('%s: the error lists those it has', async (pageSize) => {
    const failure = { name: 'HugePagesError', code: 'ERR_HUGEPAGES_PAGE_SIZE', details: { available: HUGE_PAGES } };
    for (const backing of [['hugetlb'], ['hugetlb', 'base']] as const) {
      expect(errorOf(() => allocateSync({ size: H, pageSize, backing }))).toMatchObject(failure);
      const error = (await rejectionOf(allocate({ size: H, pageSize, backing }))) as Error;
      expect(error).toMatchObject(failure);
      for (const size of HUGE_PAGES) expect(error.message).toContain(formatSize(size));
    }
  });
});
