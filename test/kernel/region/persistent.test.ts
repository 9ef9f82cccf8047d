/** Persistent files and segments: they outlive their holders, are adopted as they are, and stay only when all that was asked is done. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { allocate, allocateSync, explain, mount } from '../../../lib/index.js';
import type { AllocateSyncOptions, HugePagesError } from '../../../lib/index.js';
import { runChild } from '../../support/child.js';
import { withMountDirectory } from '../../support/mounts.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { segments } from '../../support/segments.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';

const POOL = { pageSize: H, pages: 4 };
const KEY = 0x68756765;

function removeSegment(): void {
  const found = segments().find(({ key }) => key === KEY);
  if (found !== undefined) spawnSync('ipcrm', ['-m', String(found.id)]);
}

requires({ pool: POOL, program: 'ipcrm' }).describe('persistent', () => {
  withPool(POOL);
  const directory = withMountDirectory();
  afterEach(removeSegment);

  const file = (): string => directory.path('m/name');
  const KINDS: [kind: string, options: () => Omit<AllocateSyncOptions, 'size'>, isThere: () => boolean, remove: () => void][] = [
    ['file', () => ({ source: 'file', path: file() }), () => existsSync(file()), () => { rmSync(file()); }],
    ['segment', () => ({ source: 'sysv', key: KEY }), () => segments().some(({ key }) => key === KEY), removeSegment],
  ];
  const strict = { backing: ['hugetlb'], persistent: true } as const;

  it.each(KINDS)('%s: stays with what it holds, and is adopted', (_, options, isThere, remove) => {
    mount({ path: directory.path('m') });
    const before = allCounters();
    {
      using region = allocateSync({ size: 2 * H, ...strict, ...options() });
      region.bytes().fill(7);
      expect(region.path).toBe(options().path);
    }
    expect(delta(before)).toEqual({ [H]: { free: -2 } });
    {
      using adopted = allocateSync({ size: 2 * H, ...strict, existing: 'adopt', ...options() });
      expect(adopted.bytes().equals(Buffer.alloc(2 * H, 7))).toBe(true);
      expect(delta(before)).toEqual({ [H]: { free: -2 } });
    }
    expect(isThere()).toBe(true);
    remove();
    expect(delta(before)).toEqual({});
  });

  it.each(KINDS)('%s: adopted where there is none, it is made', (_, options, isThere, remove) => {
    mount({ path: directory.path('m') });
    const before = allCounters();
    allocateSync({ size: H, ...strict, existing: 'adopt', ...options() }).dispose();
    expect(isThere()).toBe(true);
    remove();
    expect(delta(before)).toEqual({});
  });

  it.each(KINDS)('%s: is refused where there is one, and stays as it was', async (_, options, isThere, remove) => {
    mount({ path: directory.path('m') });
    allocateSync({ size: H, ...strict, ...options() }).dispose();
    const before = allCounters();
    const asked = { size: H, ...strict, ...options() };
    const error = (await rejectionOf(allocate(asked))) as HugePagesError;
    expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_EXISTS', remedy: expect.stringContaining("existing: 'adopt'") as string });
    expect(error.message).not.toContain('pool');
    expect(error.details.reasons?.map(({ code, step }) => `${step}: ${code}`)).toEqual(['make: exists']);
    expect(explain(asked).candidates[0]?.reasons[0]).toMatchObject({ error: error.code, step: 'make', code: 'exists' });
    expect(delta(before)).toEqual({});
    expect(isThere()).toBe(true);
    remove();
  });

  it.each(KINDS)('%s: one of another size is not adopted, and the size that it has is told', (_, options, isThere, remove) => {
    mount({ path: directory.path('m') });
    allocateSync({ size: H, ...strict, ...options() }).dispose();
    const before = allCounters();
    const asked = { size: 2 * H, ...strict, existing: 'adopt' as const, ...options() };
    const error = errorOf(() => allocateSync(asked)) as HugePagesError;
    expect(error.code).toBe('ERR_HUGEPAGES_MISMATCH');
    expect(error.message).toMatch(/has 2MiB, and 4MiB are asked for/);
    expect(explain(asked).candidates[0]?.reasons[0]).toMatchObject({ error: error.code, code: 'other-size' });
    expect(error.remedy).toMatch(/^Ask for size: 2097152, or name another (path|key)$/);
    expect(error.details.command).toBeUndefined(); // what is there is somebody's data
    expect(delta(before)).toEqual({});
    allocateSync({ ...asked, size: H }).dispose();
    expect(isThere()).toBe(true);
    remove();
  });

  it.each(KINDS)('%s: neither stays when its pages cannot be populated', async (_, options, isThere) => {
    mount({ path: directory.path('m') });
    const before = allCounters();
    const asked = { size: 5 * H, ...strict, reserve: false, ...options() };
    expect(await rejectionOf(allocate(asked))).toMatchObject({ code: 'ERR_HUGEPAGES_POPULATE' });
    expect(isThere()).toBe(false);
    expect(delta(before)).toEqual({});
  });

  it.each(KINDS)('%s: nor when it cannot be mapped, or is aborted', async (_, options, isThere) => {
    mount({ path: directory.path('m') });
    const before = allCounters();
    expect(await rejectionOf(allocate({ size: 5 * H, ...strict, ...options() }))).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MEMORY' });
    expect(isThere()).toBe(false);
    const signal = AbortSignal.abort();
    expect(await rejectionOf(allocate({ size: H, ...strict, ...options(), prefault: { signal } }))).toMatchObject({ code: 'ABORT_ERR' });
    expect(isThere()).toBe(false);
    expect(delta(before)).toEqual({});
  });

  it('a segment of other pages is not adopted, and is not attached any more', () => {
    using made = allocateSync({ size: H, ...strict, source: 'sysv', key: KEY });
    const asked = { size: H, backing: ['base'], persistent: true, source: 'sysv', key: KEY, existing: 'adopt' } as const;
    const error = errorOf(() => allocateSync(asked));
    const message = expect.stringContaining('has 2MiB pages, and 4KiB base pages are asked for') as string;
    expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_MISMATCH', message });
    expect(segments().find(({ key }) => key === KEY)?.attached).toBe(1);
    made.dispose();
  });

  it('a segment of other pages is told as that, where there is no room to map it as well', async () => {
    allocateSync({ size: H, ...strict, source: 'sysv', key: KEY }).dispose();
    const child = new URL('children/adopt-out-of-reach.mjs', import.meta.url);
    const within = ['sh', '-c', `ulimit -v ${String(2 ** 39 / 1024)} && exec "$@"`, 'sh'];
    const { json } = await runChild(child, [String(KEY), String(KEY + 1)], { within });
    expect(json).toEqual([
      { said: ['other-page-size', 'rlimit-address-space'], code: 'ERR_HUGEPAGES_MISMATCH' },
      { said: ['rlimit-address-space'], code: 'ERR_HUGEPAGES_NO_MEMORY' },
    ]);
    expect(segments().map(({ key, attached }) => ({ key, attached }))).toEqual([{ key: KEY, attached: 0 }]);
  });

  it('private writes never reach a file, and each of two writers has its own', () => {
    mount({ path: directory.path('m') });
    const before = allCounters();
    const options = { size: H, ...strict, source: 'file', path: file(), existing: 'adopt' } as const;
    using shared = allocateSync(options);
    shared.bytes().fill(1);
    using first = allocateSync({ ...options, shared: false });
    using second = allocateSync({ ...options, shared: false });
    first.bytes().fill(2);
    second.bytes().fill(3);
    expect([shared, first, second].map((region) => region.bytes()[0])).toEqual([1, 2, 3]);
    expect(delta(before)).toEqual({ [H]: { free: -3 } });
    rmSync(file());
  });

  it('what is no file of this hugetlbfs is told', () => {
    mount({ path: directory.path('m') });
    expect(spawnSync('mkfifo', [directory.path('m/fifo')]).status).toBe(0);
    const at = (path: string, existing: 'refuse' | 'adopt' = 'adopt'): unknown => {
      const options = { size: H, ...strict, source: 'file', path, existing } as const;
      const error = errorOf(() => allocateSync(options)) as HugePagesError;
      expect(explain(options).candidates[0]?.reasons[0]).toMatchObject({ error: error.code, step: 'make' });
      return error.code;
    };
    expect(at(directory.path('m/fifo'))).toBe('ERR_HUGEPAGES_MISMATCH');
    expect(at(directory.path('m/fifo'), 'refuse')).toBe('ERR_HUGEPAGES_EXISTS');
    expect(at(directory.path('m'))).toBe('ERR_HUGEPAGES_EXISTS');
    expect(at(directory.path('m/none/name'))).toBe('ERR_HUGEPAGES_SYSTEM');
    expect(at(directory.path('elsewhere'))).toBe('ERR_HUGEPAGES_NO_MOUNT');
    expect(readdirSync(directory.path('m'))).toEqual(['fifo']);
  });

  it('a file that somebody shortens is adopted by what it has then', () => {
    mount({ path: directory.path('m') });
    allocateSync({ size: 2 * H, ...strict, source: 'file', path: file() }).dispose();
    truncateSync(file(), H);
    const options = { ...strict, source: 'file', path: file(), existing: 'adopt' } as const;
    expect(errorOf(() => allocateSync({ size: 2 * H, ...options }))).toMatchObject({ code: 'ERR_HUGEPAGES_MISMATCH' });
    allocateSync({ size: H, ...options }).dispose();
    rmSync(file());
  });

  it('limits of segments are told, and the command lifts them', () => {
    const shmmax = '/proc/sys/kernel/shmmax';
    const child = ['--ipc', 'sh', '-ec', `echo 4096 > ${shmmax}; exec "$@"`, 'sh', process.execPath, '-e', LIMITED];
    const { stdout, stderr } = spawnSync('unshare', child, { encoding: 'utf8', cwd: new URL('../../..', import.meta.url) });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ code: 'ERR_HUGEPAGES_NO_MEMORY', reason: 'shmmax', possible: true });
  });
});

/** In an IPC namespace of its own. */
const LIMITED = `
  const { allocateSync, explain } = require('hugepages');
  const options = { size: 2 ** 21, backing: ['hugetlb'], source: 'sysv' };
  let code, details;
  try { allocateSync(options); } catch (error) { ({ code, details } = error); }
  require('node:child_process').execSync(details.command, { stdio: 'ignore' });
  allocateSync(options).dispose();
  console.log(JSON.stringify({ code, reason: details.reasons[0].code, possible: explain(options).possible }));
`;
