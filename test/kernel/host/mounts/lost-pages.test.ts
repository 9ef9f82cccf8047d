/** What a mount keeps of a pool that was made smaller than that. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { allocateSync, explain, mount, setPoolSync, unmountSync } from '../../../../lib/index.js';
import { withMountDirectory } from '../../../support/mounts.js';
import { HUGE_PAGE as H } from '../../../support/page-sizes.js';
import { counters, setPages, withPool } from '../../../support/pool.js';
import { requires } from '../../../support/requirements.js';
import { errorOf } from '../../../support/thrown.js';

const PAGES = 4;
const POOL = { pageSize: H, pages: PAGES };

requires({ pool: POOL }).describe('what a mount keeps as surplus pages', () => {
  withPool(POOL);
  const directory = withMountDirectory();

  it('goes when it is used, of which explain() warns with the command that brings it back', () => {
    const path = directory.path('m');
    const options = { size: PAGES * H, backing: ['hugetlb'], source: 'file', path } as const;
    mount({ path, minSize: PAGES * H });
    setPoolSync({ pageSize: H, pages: 0, allowSurplus: true });
    expect(counters(H)).toMatchObject({ total: PAGES, free: PAGES, reserved: PAGES, surplus: PAGES });
    expect(explain(options).possible).toBe(true);
    allocateSync(options).dispose();
    // A kernel that keeps them has nothing to warn of.
    const { free, reserved } = counters(H);
    expect([0, PAGES]).toContain(free);
    expect(reserved).toBe(PAGES);
    if (free === 0) {
      const [reason] = explain(options).candidates[0]?.reasons ?? [];
      expect(reason).toMatchObject({ code: 'pool-too-small', step: 'populate', details: { neededPages: PAGES, availablePages: 0 } });
      expect(errorOf(() => allocateSync(options))).toMatchObject({ code: 'ERR_HUGEPAGES_POPULATE' });
      expect(explain({ ...options, prefault: false }).possible).toBe(true);
      allocateSync({ ...options, prefault: false }).dispose();
      execFileSync('sh', ['-c', reason?.remedy?.command ?? ''], { stdio: 'ignore' });
    }
    expect(explain(options).possible).toBe(true);
    allocateSync(options).dispose();
    unmountSync(path);
    setPages(H, PAGES);
  });
});
