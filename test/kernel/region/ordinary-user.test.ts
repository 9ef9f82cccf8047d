/** What a user without privileges has: hugetlb pages of a pool that is there, but no frame numbers, and locks within RLIMIT_MEMLOCK. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { NOBODY, requires } from '../../support/requirements.js';

const CHILD = fileURLToPath(new URL('children/ordinary-user.mjs', import.meta.url));
const POOL = { pageSize: H, pages: 4 };

function runChild(memlock: number): Record<string, unknown> {
  const script = `ulimit -l ${String(memlock / 1024)} && exec "$@"`;
  const args = ['-c', script, 'sh', process.execPath, CHILD, String(H), String(memlock)];
  const { status, signal, stdout, stderr } = spawnSync('sh', args, { ...NOBODY, encoding: 'utf8' });
  expect([status, signal, stderr]).toEqual([0, null, '']);
  return JSON.parse(stdout) as Record<string, unknown>;
}

requires({ ordinaryUser: true, pool: POOL }).describe('a user without privileges', () => {
  withPool(POOL);
  let results: Record<string, unknown>;
  beforeAll(() => {
    results = runChild(64 * 1024);
    expect(results['uid']).toBe(NOBODY.uid);
  });

  it('has hugetlb pages, and sees which are present but not where', () => {
    expect(results['hugetlb']).toEqual({ kind: 'hugetlb', presentBytes: 2 * H, frames: false, named: 0 });
  });

  it('cannot lock beyond RLIMIT_MEMLOCK, and is told what to raise', () => {
    expect(results['lock']).toMatchObject({ name: 'HugePagesError', code: 'ERR_HUGEPAGES_NO_MEMORY', syscall: 'mlock' });
    expect(results['lock']).toMatchObject({ remedy: expect.stringMatching(/RLIMIT_MEMLOCK[^]*CAP_IPC_LOCK/) as string });
  });

  it('cannot lock anything where the limit is 0', () => {
    expect(runChild(0)).toMatchObject({ lock: { name: 'HugePagesError', code: 'ERR_HUGEPAGES_PERMISSION', syscall: 'mlock' } });
  });

  it('cannot grow the pool, and is told a command that asks for the privilege', () => {
    expect(results['setPool']).toMatchObject({ name: 'HugePagesError', code: 'ERR_HUGEPAGES_PERMISSION' });
    expect(results['strict']).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MEMORY', remedy: expect.stringContaining('| sudo tee ') as string });
  });
});
