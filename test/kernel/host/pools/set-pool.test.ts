import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allocateSync, growPool, pool, setPool, setPoolSync } from '../../../../lib/index.js';
import { growRemedy } from '../../../../lib/host/pools/grow-remedy.js';
import { HUGE_PAGE as H } from '../../../support/page-sizes.js';
import { allCounters, counters, delta, withPool } from '../../../support/pool.js';
import { requires } from '../../../support/requirements.js';
import { rejectionOf } from '../../../support/thrown.js';

const need = { pageSize: H, pages: 4 };
const DIRECTORY = `/sys/kernel/mm/hugepages/hugepages-${String(H / 1024)}kB`;

requires({ pool: need }).describe('a pool of four pages', () => {
  withPool(need);

  it('grows and shrinks, and says what was written', async () => {
    const grown = await setPool({ pageSize: H, pages: 6 });
    expect(grown).toMatchObject({ pageSize: H, before: 4, requested: 6, granted: 6, rolledBack: false, gained: {}, interference: [] });
    expect(grown.writes).toEqual([{ path: `${DIRECTORY}/nr_hugepages`, value: '6' }]);
    expect(grown.after).toEqual(pool(H));
    expect(counters(H)).toEqual({ total: 6, free: 6, reserved: 0, surplus: 0 });
    expect(setPoolSync({ pageSize: H, pages: 4 })).toMatchObject({ before: 6, requested: 4, granted: 4 });
    expect(existsSync('/run/hugepages')).toBe(false);
  });

  it('is left alone when it is as it shall be', async () => {
    expect(await setPool({ pageSize: H, pages: 4, overcommit: 0 })).toMatchObject({ before: 4, granted: 4, writes: [] });
  });

  it('says in a dry run what would be written', async () => {
    const result = await setPool({ pageSize: H, pages: 9, overcommit: 3, dryRun: true });
    expect(result).toMatchObject({ dryRun: true, before: 4, requested: 9, granted: 4 });
    expect(result.overcommit).toEqual({ before: 0, requested: 3, granted: 0 });
    expect(result.writes.map(({ path, value }) => `${path.replace(DIRECTORY, '')} ${value}`)).toEqual([
      '/nr_overcommit_hugepages 3',
      '/nr_hugepages 9',
    ]);
  });

  it('is not shrunk below what is in use or reserved', async () => {
    using touched = allocateSync({ size: 2 * H, backing: ['hugetlb'] });
    using reserved = allocateSync({ size: H, backing: ['hugetlb'], prefault: false });
    const before = allCounters();
    expect(await rejectionOf(setPool({ pageSize: H, pages: 2, overcommit: 1 }))).toMatchObject({
      code: 'ERR_HUGEPAGES_BUSY',
      details: { pageSize: H, pages: 2, inUse: 3 },
    });
    expect(delta(before)).toEqual({});
    expect(pool(H)?.overcommit).toBe(0);
    expect(await setPool({ pageSize: H, pages: 3 })).toMatchObject({ granted: 3 });
    touched.dispose();
    reserved.dispose();
    await setPool({ pageSize: H, pages: 4 });
  });

  // Acceptance case 5.
  it('keeps pages in use as surplus when that is allowed; they leave when they are freed', async () => {
    using region = allocateSync({ size: 3 * H, backing: ['hugetlb'] });
    expect(await setPool({ pageSize: H, pages: 1, allowSurplus: true })).toMatchObject({ before: 4, granted: 1 });
    expect(counters(H)).toEqual({ total: 3, free: 0, reserved: 0, surplus: 2 });
    region.dispose();
    expect(counters(H)).toEqual({ total: 1, free: 1, reserved: 0, surplus: 0 });
    await setPool({ pageSize: H, pages: 4 });
  });

  it('grows by what is missing for a request, and not at all when nothing is', async () => {
    using region = allocateSync({ size: 3 * H, backing: ['hugetlb'] });
    expect(await growPool({ pageSize: H, freePages: 1 })).toMatchObject({ before: 4, requested: 4, granted: 4, writes: [] });
    expect(await growPool({ pageSize: H, freePages: 5 })).toMatchObject({ before: 4, requested: 8, granted: 8 });
    expect(counters(H)).toEqual({ total: 8, free: 5, reserved: 0, surplus: 0 });
    region.dispose();
    await setPool({ pageSize: H, pages: 4 });
  });

  it('grows by what is missing where surplus pages become persistent', async () => {
    using region = allocateSync({ size: 4 * H, backing: ['hugetlb'] });
    await setPool({ pageSize: H, pages: 1, allowSurplus: true });
    expect(counters(H)).toEqual({ total: 4, free: 0, reserved: 0, surplus: 3 });
    expect(await growPool({ pageSize: H, freePages: 2 })).toMatchObject({ before: 1, requested: 6, granted: 6 });
    expect(counters(H)).toEqual({ total: 6, free: 2, reserved: 0, surplus: 0 });
    region.dispose();
    await setPool({ pageSize: H, pages: 4 });
  });

  it('stays as it is when the signal is aborted', async () => {
    const reason = new Error('enough');
    const error = await rejectionOf(setPool({ pageSize: H, pages: 6 }, { signal: AbortSignal.abort(reason) }));
    expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: reason });
    expect(existsSync('/run/hugepages')).toBe(false);
  });

  it('has room for a request after the remedy was pasted into a shell', async () => {
    using region = allocateSync({ size: H, backing: ['hugetlb'] });
    const snapshot = pool(H);
    if (snapshot === undefined) throw new Error('the pool is there');
    execFileSync('sh', ['-c', growRemedy(snapshot, 5, 5 * H).command ?? '']);
    expect(counters(H)).toEqual({ total: 6, free: 5, reserved: 0, surplus: 0 });
    region.dispose();
    await setPool({ pageSize: H, pages: 4 });
  });

  it('is not grown beyond the memory of the machine', async () => {
    for (const change of [{ pages: Number.MAX_SAFE_INTEGER }, { pages: 2 ** 40 }]) {
      expect(await rejectionOf(setPool({ pageSize: H, ...change }))).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MEMORY' });
    }
  });
});

describe('a page size without a pool', () => {
  it('is refused with those that have one', async () => {
    expect(await rejectionOf(setPool({ pageSize: 3 * H, pages: 1 }))).toMatchObject({ code: 'ERR_HUGEPAGES_PAGE_SIZE' });
  });
});
