/** onExhaustion: a touch that finds no page ends the process, or gets base pages. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { allocate, allocateSync } from '../../../lib/index.js';
import type { Region } from '../../../lib/index.js';
import { withCgroup } from '../../support/cgroup.js';
import { runChild } from '../../support/child.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const child = (name: string): URL => new URL(`children/survival/${name}.mjs`, import.meta.url);
const POOL = { pageSize: H, pages: 3 };
const LIVES = { code: 0, signal: null, stderr: '' };
const DIES = { code: null, signal: 'SIGBUS' };

const degradedFrom = (first: number, pages: number): unknown[] =>
  Array.from({ length: pages - first }, (_, i) => ({ offset: (first + i) * H, length: H, missed: 0 }));

requires({ pool: POOL }).describe('a region of 8 pages on a pool of 3', () => {
  withPool(POOL);

  it.each([{}, { shared: true }, { source: 'memfd' }, { onFork: 'inherit' }])('survives with degrade: %o', async (options) => {
    const before = allCounters();
    const args = [H, 8, JSON.stringify({ reserve: false, onExhaustion: 'degrade', ...options })];
    const { json, ...ended } = await runChild(child('touch'), args);
    expect(ended).toMatchObject(LIVES);
    expect(json).toMatchObject({
      read: [1, 2, 3, 4, 5, 6, 7, 8],
      degraded: { pages: 5, bytes: 5 * H },
      events: degradedFrom(3, 8),
      backing: { kind: 'hugetlb', pageSize: H, presentBytes: 3 * H + 5 * 4096, hugeBytes: 3 * H },
    });
    expect(delta(before)).toEqual({});
  });

  it.each([{}, { onExhaustion: 'signal' }, { source: 'memfd' }])('ends by SIGBUS without: %o', async (options) => {
    const before = allCounters();
    expect(await runChild(child('touch'), [H, 8, JSON.stringify({ reserve: false, ...options })])).toMatchObject(DIES);
    expect(delta(before)).toEqual({});
  });

  it('tells every thread of every page, and threads that touch a page at once keep what each wrote', async () => {
    const { json, ...ended } = await runChild(child('workers'), [H, 40]);
    expect(ended).toMatchObject(LIVES);
    expect(json).toEqual({ heard: [37, 37, 37], kept: 120, degraded: 37 });
  });

  it('starts processes, which cost no page and do not die', async () => {
    const before = allCounters();
    const { json, ...ended } = await runChild(child('children'), [H, 8]);
    expect(ended).toMatchObject(LIVES);
    expect(json).toEqual({ spawned: 0, executed: 'text\n', forked: 3, kept: true, degraded: 5 });
    expect(delta(before)).toEqual({});
  });
});

requires({ pool: { pageSize: H, pages: 0 } }).describe('a page that cannot be had', () => {
  withPool({ pageSize: H, pages: 0 });

  it('is reported by system calls and by prefault(), and degraded by a touch', async () => {
    const { json, ...ended } = await runChild(child('system-calls'), [H]);
    expect(ended).toMatchObject(LIVES);
    expect(json).toEqual(['EFAULT', 'ERR_HUGEPAGES_POPULATE', 0, 1, 5, 6]);
  });

  it('is told of on the event loop, which that does not keep alive', async () => {
    expect(await runChild(child('listeners'), [H, 'quiet'])).toMatchObject({ ...LIVES, stdout: '' });
  });

  it('is an uncaught exception when its listener throws', async () => {
    const { json, ...ended } = await runChild(child('listeners'), [H, 'throws']);
    expect(ended).toMatchObject(LIVES);
    expect(json).toEqual({ message: 'from the listener' });
  });

  it('is told of to threads that end meanwhile', async () => {
    const { json, ...ended } = await runChild(child('ends'), [H, 12]);
    expect(ended).toMatchObject(LIVES);
    expect(json).toEqual({ degraded: 48 });
  });

  it('still fails an allocation that prefaults', async () => {
    const options = { size: H, backing: ['hugetlb'], reserve: false, onExhaustion: 'degrade' } as const;
    await expect(allocate(options)).rejects.toMatchObject({ code: 'ERR_HUGEPAGES_POPULATE' });
  });
});

requires({ pool: { pageSize: H, pages: 1 } }).describe('the only page of the pool, while somebody else has it', () => {
  withPool({ pageSize: H, pages: 1 });
  const take = (): Region => allocateSync({ size: H, backing: ['hugetlb'] });
  const options = { backing: ['hugetlb'], reserve: false, prefault: false, onExhaustion: 'degrade' } as const;

  it('is made up for, page by page, until a discarded page finds it again', () => {
    const other = take();
    using region = allocateSync({ ...options, size: 2 * H });
    region.bytes()[0] = 1;
    expect(region.backing).toMatchObject({ kind: 'hugetlb', presentBytes: 4096, hugeBytes: 0 });
    other.dispose();
    region.bytes()[H] = 2;
    expect(region.backing).toMatchObject({ kind: 'hugetlb', pageSize: H, hugeBytes: H });
    const runs = region.residency().runs.filter(({ present }) => present);
    expect(runs).toMatchObject([{ offset: 0, length: 4096, pageSize: 4096 }, { offset: H, length: H, pageSize: H }]);
    region.discard(0, 2 * H);
    expect(region.degraded).toEqual({ pages: 0, bytes: 0 });
    expect(region.bytes()[0]).toBe(0);
    expect(region.backing).toMatchObject({ presentBytes: H, hugeBytes: H });
  });

  it.each([{ source: 'memfd' }, { source: 'sysv' }, { shared: true }] as const)('is made up for in a hole of shared memory: %o', (kind) => {
    using region = allocateSync({ ...options, ...kind, size: H, reserve: true });
    region.bytes().fill(1);
    region.discard(0, H);
    const other = take();
    region.bytes()[0] = 2;
    other.dispose();
    expect([region.degraded.pages, region.bytes()[0], region.bytes()[1]]).toEqual([1, 2, 0]);
  });
});

requires({ pool: POOL, program: 'truncate' }).describe('a file that another process cuts short', () => {
  withPool(POOL);

  it.each(['hugetlb', 'base'])('reads zeros beyond its end: %s', async (backing) => {
    const pageSize = backing === 'hugetlb' ? H : 4096;
    const { json, ...ended } = await runChild(child('file-end'), [pageSize, 'degrade', backing]);
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: 'truncated 0\n' });
    expect(json).toEqual({ before: 7, beyond: 0, written: 8, degraded: { pages: 1, bytes: pageSize } });
  });

  it('ends the process without the option', async () => {
    expect(await runChild(child('file-end'), [H, 'signal', 'hugetlb'])).toMatchObject({ ...DIES, stderr: 'truncated 0\n' });
  });
});

requires({ cgroup: true, pool: { pageSize: H, pages: 8 } }).describe('over the max of a cgroup', () => {
  withPool({ pageSize: H, pages: 8 });

  it.each(['degrade', 'signal'])('with %s', (onExhaustion) => {
    const result = withCgroup(H, { max: 2 * H }, ([command = '', ...args]) => {
      const program = [process.execPath, fileURLToPath(child('touch')), String(H), '4', JSON.stringify({ onExhaustion })];
      return spawnSync(command, [...args, ...program], { encoding: 'utf8' });
    });
    if (onExhaustion === 'signal') {
      expect(result).toMatchObject({ status: null, signal: 'SIGBUS' });
      return;
    }
    expect(result).toMatchObject({ status: 0, signal: null, stderr: '' });
    expect(JSON.parse(result.stdout)).toMatchObject({ read: [1, 2, 3, 4], degraded: { pages: 2 }, events: degradedFrom(2, 4) });
  });
});

describe('memory that is never short of pages', () => {
  it('takes the option and has nothing to do', async () => {
    using region = await allocate({ size: H, backing: ['base'], onExhaustion: 'degrade' });
    expect(region.degraded).toEqual({ pages: 0, bytes: 0 });
  });
});
