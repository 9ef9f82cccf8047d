/** An error for lack of pool pages states the pool, and its remedy works when it is pasted. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { HugePagesError, allocateSync } from '../../../lib/index.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, counters, delta, setPages, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf } from '../../support/thrown.js';

const POOL = { pageSize: H, pages: 3 };

function refusal(pages: number): HugePagesError {
  const error = errorOf(() => allocateSync({ size: pages * H, backing: ['hugetlb'] }));
  if (!(error instanceof HugePagesError)) throw error;
  return error;
}

requires({ root: true, pool: POOL }).describe('the error of a pool that is too small', () => {
  withPool(POOL);

  it('states what is needed and the counters at that moment', () => {
    using held = allocateSync({ size: 2 * H, backing: ['hugetlb'], prefault: false });
    held.bytes()[0] = 1;
    const error = refusal(8);
    expect(error.details).toMatchObject({ byteLength: 8 * H, neededPages: 8, pool: { ...counters(H), pageSize: H } });
    expect(error.details.pool).toMatchObject({ total: 3, free: 2, reserved: 1, surplus: 0 });
    expect(error.message).toMatch(/16MiB[^]*8 pages needed[^]*total 3, free 2, reserved 1, surplus 0/);
  });

  it('counts the undisposed regions of this process', () => {
    using held = allocateSync({ size: 2 * H, backing: ['hugetlb'], prefault: false });
    expect(held.disposed).toBe(false);
    expect(refusal(8).details).toMatchObject({ undisposed: { regions: 1, bytes: 2 * H } });
  });

  it.each([
    ['an idle pool', 0],
    ['a pool that others use', 2],
  ])('has a remedy that a shell can run: %s', (_, heldPages) => {
    const before = allCounters();
    using held = allocateSync({ size: Math.max(heldPages, 1) * H, backing: ['hugetlb'], prefault: heldPages > 0 });
    const error = refusal(8);
    const command = String(error.details.command);
    expect(error.remedy?.endsWith(command)).toBe(true);
    try {
      execFileSync('sh', ['-c', command], { stdio: 'pipe' });
      allocateSync({ size: 8 * H, backing: ['hugetlb'] }).dispose();
    } finally {
      setPages(H, POOL.pages);
    }
    held.dispose();
    expect(delta(before)).toEqual({});
  });
});
