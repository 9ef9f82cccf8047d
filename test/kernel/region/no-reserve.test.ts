/** `reserve: false`: the mapping always succeeds, and whether there are pages shows at the prefault, as an error and not as SIGBUS. */
import { expect, it } from 'vitest';
import { allocate, allocateSync } from '../../../lib/index.js';
import { mappingsOf } from '../../support/kernel-text.js';
import { presentBytes } from '../../support/page-frames.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';

const POOL = { pageSize: H, pages: 3 };
const EMPTY = { pageSize: H, pages: 0 };
const OPTIONS = { backing: ['hugetlb'], reserve: false } as const;
const FAILURE = { name: 'HugePagesError', code: 'ERR_HUGEPAGES_POPULATE', errno: -14 };

requires({ pool: POOL }).describe('a region without reservation', () => {
  withPool(POOL);

  it('takes from the pool only what is touched', () => {
    const before = allCounters();
    using region = allocateSync({ ...OPTIONS, size: 100 * H, prefault: false });
    expect(delta(before)).toEqual({});
    expect(mappingsOf(region.address, region.byteLength)[0]?.flags).toContain('nr');
    region.bytes()[50 * H] = 1;
    expect(delta(before)).toEqual({ [H]: { free: -1 } });
  });

  it.each([1, 2])('a prefault of more than there is rejects with what it populated, on %i threads', async (threads) => {
    const before = allCounters();
    using region = allocateSync({ ...OPTIONS, size: 5 * H, prefault: false });
    const error = await rejectionOf(region.prefault({ threads }));
    expect(error).toMatchObject({ ...FAILURE, details: { requestedBytes: 5 * H, populatedBytes: presentBytes(region) } });
    // How far it came is for the kernel to say, and the pool agrees: all three pages on one thread.
    expect(delta(before)).toEqual(presentBytes(region) === 0 ? {} : { [H]: { free: -presentBytes(region) / H } });
    if (threads === 1) expect(presentBytes(region)).toBe(3 * H);
  });

  it('a prefault succeeds as soon as there are pages', async () => {
    const other = allocateSync({ size: 2 * H, backing: ['hugetlb'] });
    using region = allocateSync({ ...OPTIONS, size: 3 * H, prefault: false });
    expect(await rejectionOf(region.prefault())).toMatchObject(FAILURE);
    other.dispose();
    await expect(region.prefault()).resolves.toMatchObject({ populatedBytes: 3 * H });
  });

  it('an allocation that prefaults more than there is fails and holds nothing', async () => {
    const before = allCounters();
    expect(errorOf(() => allocateSync({ ...OPTIONS, size: 5 * H }))).toMatchObject(FAILURE);
    expect(await rejectionOf(allocate({ ...OPTIONS, size: 5 * H }))).toMatchObject(FAILURE);
    expect(delta(before)).toEqual({});
  });

  it('cannot take what another region has reserved', async () => {
    using reserved = allocateSync({ size: 2 * H, backing: ['hugetlb'], prefault: false });
    using region = allocateSync({ ...OPTIONS, size: 3 * H, prefault: false });
    expect(await rejectionOf(region.prefault())).toMatchObject(FAILURE);
    expect(presentBytes(region)).toBeLessThanOrEqual(H);
    reserved.bytes().fill(1);
  });
});

requires({ pool: EMPTY }).describe('a region without reservation on an empty pool', () => {
  withPool(EMPTY);

  it('is mapped, and its prefault populates nothing', async () => {
    using region = await allocate({ ...OPTIONS, size: 2 * H, prefault: false });
    expect(region.backing).toEqual({ kind: 'hugetlb', pageSize: H, presentBytes: 0, hugeBytes: 0 });
    expect(await rejectionOf(region.prefault())).toMatchObject({ ...FAILURE, details: { populatedBytes: 0, requestedBytes: 2 * H } });
  });

  it('falls to the next backing when its prefault fails at allocation', async () => {
    using region = await allocate({ size: 2 * H, reserve: false, backing: ['hugetlb', 'base'] });
    expect(region.attempts).toMatchObject([{ backing: 'hugetlb', error: FAILURE }, { backing: 'base' }]);
    expect(region.backing).toMatchObject({ kind: 'base', presentBytes: 2 * H });
  });
});
