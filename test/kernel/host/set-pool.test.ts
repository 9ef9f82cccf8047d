import { execFileSync, spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { allocateSync, pool, setPool } from '../../../lib/index.js';
import { growRemedy } from '../../../lib/host/pools/grow-remedy.js';
import { HUGE_PAGE } from '../../support/page-sizes.js';
import { counters, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const need = { pageSize: HUGE_PAGE, pages: 4 };

requires({ pool: need }).describe('a pool of four pages', () => {
  withPool(need);

  it('grows and shrinks by setPool', () => {
    expect(setPool({ pageSize: HUGE_PAGE, pages: 6 })).toEqual({ pageSize: HUGE_PAGE, requested: 6, granted: 6, before: 4 });
    expect(counters(HUGE_PAGE)).toEqual({ total: 6, free: 6, reserved: 0, surplus: 0 });
    expect(setPool({ pageSize: HUGE_PAGE, pages: 4 })).toEqual({ pageSize: HUGE_PAGE, requested: 4, granted: 4, before: 6 });
  });

  it('keeps pages in use as surplus when it shrinks below them', () => {
    using region = allocateSync({ size: 3 * HUGE_PAGE, backing: ['hugetlb'] });
    expect(setPool({ pageSize: HUGE_PAGE, pages: 1 })).toMatchObject({ before: 4, granted: 1 });
    expect(counters(HUGE_PAGE)).toEqual({ total: 3, free: 0, reserved: 0, surplus: 2 });
    region.dispose();
    expect(counters(HUGE_PAGE)).toEqual({ total: 1, free: 1, reserved: 0, surplus: 0 });
    setPool({ pageSize: HUGE_PAGE, pages: 4 });
  });

  it('has room for a request after the remedy was pasted into a shell', () => {
    using region = allocateSync({ size: HUGE_PAGE, backing: ['hugetlb'] });
    const snapshot = pool(HUGE_PAGE);
    if (snapshot === undefined) throw new Error('the pool is there');
    execFileSync('sh', ['-c', growRemedy(snapshot, 5).command]);
    expect(counters(HUGE_PAGE)).toEqual({ total: 6, free: 5, reserved: 0, surplus: 0 });
    region.dispose();
    setPool({ pageSize: HUGE_PAGE, pages: 4 });
  });

  it('is not to be changed by an ordinary user, who is told how', () => {
    const script = `
      import { setPool } from 'hugepages';
      try { setPool({ pageSize: ${String(HUGE_PAGE)}, pages: 5 }); } catch ({ code, remedy }) { console.log(code, remedy); }`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { uid: 65534, gid: 65534, encoding: 'utf8' });
    expect(stdout).toMatch(/^ERR_HUGEPAGES_PERMISSION .*echo 5 \| sudo tee \/sys\/kernel\/mm\/hugepages\//);
  });
});
