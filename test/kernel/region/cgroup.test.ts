/** A cgroup's hugetlb limits: over `max` a touch is SIGBUS, and a populate a coded error. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { withCgroup } from '../../support/cgroup.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const CHILD = fileURLToPath(new URL('children/cgroup-limit.mjs', import.meta.url));
const POOL = { pageSize: H, pages: 8 };

/** What a child in a cgroup of these limits, in pages, gets of a region of 4 pages: prefaulted at once, and later. */
function regionOfFour(limits: Record<string, number>): unknown {
  const bytes = Object.fromEntries(Object.entries(limits).map(([name, pages]) => [name, pages * H]));
  return withCgroup(H, bytes, ([command = '', ...args]) => {
    const { status, signal, stdout, stderr } = spawnSync(command, [...args, process.execPath, CHILD, String(H), '4'], { encoding: 'utf8' });
    expect([status, signal, stderr]).toEqual([0, null, '']);
    return JSON.parse(stdout) as unknown;
  });
}

requires({ cgroup: true, pool: POOL }).describe('in a cgroup', () => {
  withPool(POOL);

  it('a region within the limits is as anywhere', () => {
    expect(regionOfFour({ max: 4, 'rsvd.max': 4 })).toEqual([{ presentBytes: 4 * H }, { presentBytes: 4 * H }]);
  });

  it('over max, a populate is a coded error that says how far it came, and no signal', () => {
    const before = allCounters();
    const failure = { name: 'HugePagesError', code: 'ERR_HUGEPAGES_POPULATE', errno: -14, populatedBytes: 3 * H };
    expect(regionOfFour({ max: 3 })).toMatchObject([failure, failure]);
    expect(delta(before)).toEqual({});
  });

  it('over rsvd.max, the mapping is refused', () => {
    const before = allCounters();
    const failure = { name: 'HugePagesError', code: 'ERR_HUGEPAGES_NO_MEMORY', errno: -12, syscall: 'mmap' };
    expect(regionOfFour({ 'rsvd.max': 3 })).toMatchObject([failure, failure]);
    expect(delta(before)).toEqual({});
  });
});
