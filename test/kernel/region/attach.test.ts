/** share() and attach() between processes: the same pages, by whatever way they are found; and what is refused. */
import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Region, allocateSync, mount } from '../../../lib/index.js';
import type { RegionToken } from '../../../lib/index.js';
import { withMountDirectory } from '../../support/mounts.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPeer } from '../../support/peer.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { NOBODY, requires } from '../../support/requirements.js';
import { shareable } from '../../support/sharing.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';
import { foreign } from '../../support/tokens.js';

const SIZE = 2 * BASE_PAGE;
const REFUSED = { name: 'HugePagesError', code: 'ERR_HUGEPAGES_TOKEN' };

function saying(text: string): object {
  return { message: expect.stringContaining(text) as string };
}

describe('a region of base pages in two processes', () => {
  it.each(['memfd', 'sysv'] as const)('%s: is the same memory, read and written by both', (source) =>
    withPeer(async (peer) => {
      using region = shareable({ source });
      region.bytes().write('ours');
      const there = (await peer.ask('attach', region.share())) as Region;
      expect(there).toMatchObject({ byteLength: SIZE, pageSize: BASE_PAGE, source, shared: true });
      expect(await peer.ask('read', there.id, 0, 4)).toBe('ours');
      await peer.ask('write', there.id, BASE_PAGE, 'theirs');
      expect(region.bytes(BASE_PAGE, 6).toString()).toBe('theirs');
      // Gone here, it is still there, and can be had back.
      region.dispose();
      expect(await peer.ask('read', there.id, BASE_PAGE, 6)).toBe('theirs');
      using back = Region.attach((await peer.ask('share', there.id)) as RegionToken);
      expect(back.bytes(0, 4).toString()).toBe('ours');
    }));

  it('wakes and is woken across processes', () =>
    withPeer(async (peer) => {
      using region = shareable();
      const { id } = (await peer.ask('attach', region.share())) as Region;
      for (const wait of ['wait', 'waitSync']) {
        const waiting = peer.ask(wait, id, 4, 0);
        while (region.notify(4) === 0) await new Promise(setImmediate);
        expect(await waiting).toBe('ok');
      }
      const waiting = region.wait(8, 0);
      while ((await peer.ask('notify', id, 8)) === 0);
      expect(await waiting).toBe('ok');
    }));

  it('is refused when it is gone, or its process is', async () => {
    const region = shareable();
    const token = foreign(region.share());
    region.dispose();
    expect(errorOf(() => Region.attach(token))).toMatchObject(REFUSED);
    const segment = shareable({ source: 'sysv' });
    const segmentToken = foreign(segment.share());
    segment.dispose();
    expect(errorOf(() => Region.attach(segmentToken))).toMatchObject(REFUSED);

    let left: unknown;
    await withPeer(async (peer) => {
      const { id } = (await peer.ask('allocate', { size: SIZE, backing: ['base'], source: 'memfd' })) as Region;
      left = await peer.ask('share', id);
      Region.attach(left as RegionToken).dispose();
    });
    const error = errorOf(() => Region.attach(left as RegionToken));
    expect(error).toMatchObject({ ...REFUSED, syscall: 'open', remedy: expect.stringContaining('share()') as string });
  });

  it('of memory that is its process\'s own is refused, with what to do', () => {
    for (const options of [{ source: 'anonymous' }, { source: 'anonymous', shared: true }, { shared: false }] as const) {
      using region = shareable(options);
      const error = errorOf(() => Region.attach(foreign(region.share())));
      expect(error).toMatchObject({ ...REFUSED, remedy: expect.stringContaining("source: 'memfd'") as string });
      using here = Region.attach(region.share());
      expect(here.id).toBe(region.id);
    }
  });

  it('can be had for reading only', () => {
    using region = shareable();
    region.bytes().write('read');
    for (const token of [region.share(), foreign(region.share())]) {
      using reader = Region.attach(token, { access: 'read' });
      expect(reader.bytes(0, 4).toString()).toBe('read');
      region.bytes().write('READ');
      expect(reader.bytes(0, 4).toString()).toBe('READ');
      region.bytes().write('read');
    }
    using segment = shareable({ source: 'sysv' });
    using reader = Region.attach(foreign(segment.share()), { access: 'read' });
    segment.bytes().write('segment');
    expect(reader.bytes(0, 7).toString()).toBe('segment');
  });
});

requires({ ordinaryUser: true }).describe('a region of root', () => {
  it('is not for another user, who is told what to do', () =>
    withPeer(
      async (peer) => {
        for (const [source, remedy] of [
          ['memfd', "sendTo() and Region.receive(), and peer: 'any-user'"],
          ['sysv', "allocate with source: 'memfd'"],
        ] as const) {
          using region = shareable({ source });
          const error = await rejectionOf(peer.ask('attach', region.share()));
          expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_PERMISSION', errno: -13 });
          expect(error).toMatchObject({ remedy: expect.stringContaining(remedy) as string });
        }
      },
      'unrelated',
      NOBODY,
    ));
});

const POOL = { pageSize: H, pages: 4 };
requires({ pool: POOL }).describe('a region of hugetlb pages in two processes', () => {
  withPool(POOL);
  const directory = withMountDirectory();
  const mounted = (): string => mount({ path: directory.path('huge'), pageSize: H }).mount?.mountPoint ?? '';

  it.each([
    ['memfd', {}],
    ['sysv', {}],
    ['file', {}],
    ['file', { persistent: true }],
  ] as const)('%s %j: is the same pages, until both have given them up', (source, options) =>
    withPeer(async (peer) => {
      const mountPoint = mounted();
      const path = 'persistent' in options ? join(mountPoint, 'region') : mountPoint;
      const before = allCounters();
      const region = allocateSync({ size: 4 * H, backing: ['hugetlb'], source, ...options, ...(source === 'file' && { path }) });
      region.bytes(3 * H).write('ours');
      const { id } = (await peer.ask('attach', region.share())) as Region;
      expect(await peer.ask('read', id, 3 * H, 4)).toBe('ours');
      expect(delta(before)).toEqual({ [H]: { free: -4 } });
      region.dispose();
      expect(await peer.ask('read', id, 3 * H, 4)).toBe('ours');
      expect(delta(before)).toEqual({ [H]: { free: -4 } });
      await peer.ask('dispose', id);
      if ('persistent' in options) rmSync(path);
      expect(delta(before)).toEqual({});
    }));

  it('is refused where the file is gone, replaced, or smaller', () => {
    const mountPoint = mounted();
    const path = join(mountPoint, 'region');
    const options = { size: 2 * H, backing: ['hugetlb'], source: 'file', path, persistent: true, prefault: false } as const;
    // No system call says so.
    const found = (what: string): object => ({ errno: undefined, syscall: undefined, ...saying(what) });
    const region = allocateSync(options);
    const token = foreign(region.share());
    region.dispose();
    Region.attach(token).dispose();
    truncateSync(path, H);
    expect(errorOf(() => Region.attach(token))).toMatchObject({ ...REFUSED, ...found('size') });
    rmSync(path);
    expect(errorOf(() => Region.attach(token))).toMatchObject({ ...REFUSED, errno: -2, syscall: 'open' });
    allocateSync(options).dispose();
    expect(errorOf(() => Region.attach(token))).toMatchObject({ ...REFUSED, ...found('something else') });
    rmSync(path);
  });

  it('is found by a stale token of this process where it outlives its holders', () => {
    const mountPoint = mounted();
    const path = join(mountPoint, 'region');
    const region = allocateSync({ size: H, backing: ['hugetlb'], source: 'file', path, persistent: true });
    region.bytes().write('kept');
    const token = region.share();
    region.dispose();
    using again = Region.attach(token);
    expect(again.bytes(0, 4).toString()).toBe('kept');
    rmSync(path);
  });
});
