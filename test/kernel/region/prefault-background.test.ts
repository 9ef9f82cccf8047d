/** `prefault: { background: true }`: the region is there at once, `ready` tells the rest. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { allocate, allocateSync } from '../../../lib/index.js';
import { presentBytes } from '../../support/page-frames.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { TAKES_SECONDS } from '../../support/takes-seconds.mjs';
import { rejectionOf } from '../../support/thrown.js';

const SIZE = 512 * 2 ** 20;

describe('a background prefault', () => {
  it('goes on behind a region that is in use already', async () => {
    using region = await allocate({ size: SIZE, backing: ['base'], prefault: { background: true, threads: 1 } });
    const bytes = region.bytes();
    bytes[SIZE - 1] = 0x5a;
    // What settles `ready` is a task of the event loop: it cannot have run before this.
    expect(await Promise.race([region.ready, Promise.resolve('under way')])).toBe('under way');
    await expect(region.ready).resolves.toMatchObject({ populatedBytes: SIZE, threads: 1 });
    expect(presentBytes(region)).toBe(SIZE);
    expect(bytes[SIZE - 1]).toBe(0x5a);
  });

  it('reports progress and can be aborted, and the region stays usable', async () => {
    const controller = new AbortController();
    const prefault = { background: true, threads: 1, signal: controller.signal, onProgress: () => { controller.abort('enough'); } };
    using region = await allocate({ size: TAKES_SECONDS, backing: ['base'], prefault });
    expect(await rejectionOf(region.ready)).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: 'enough' });
    expect(presentBytes(region)).toBeLessThan(TAKES_SECONDS);
    region.bytes(TAKES_SECONDS - BASE_PAGE).fill(1);
  });

  it('ends with an error when the region is disposed', async () => {
    const region = await allocate({ size: SIZE, backing: ['base'], prefault: { background: true } });
    region.dispose();
    expect(await rejectionOf(region.ready)).toMatchObject({ code: 'ERR_HUGEPAGES_DISPOSED' });
  });

  const POOL = { pageSize: H, pages: 64 };
  requires({ pool: POOL }).describe('on hugetlb pages', () => {
    withPool(POOL);

    it('gives all pages back by the time `ready` is settled after a dispose', async () => {
      const before = allCounters();
      for (let i = 0; i < 20; i++) {
        const region = await allocate({ size: 64 * H, backing: ['hugetlb'], prefault: { background: true, threads: 2 } });
        region.dispose();
        expect(await rejectionOf(region.ready)).toMatchObject({ code: 'ERR_HUGEPAGES_DISPOSED' });
        expect(delta(before)).toEqual({});
      }
    });

    it('that fails does not end a process that never looks', async () => {
      using region = await allocate({ size: 65 * H, backing: ['hugetlb'], reserve: false, prefault: { background: true } });
      // An unhandled rejection would fail this run.
      await vi.waitUntil(() => region.residency().presentBytes === 64 * H, 20_000);
      await nextTurn();
      expect(await rejectionOf(region.ready)).toMatchObject({ code: 'ERR_HUGEPAGES_POPULATE', details: { populatedBytes: 64 * H } });
    });
  });
});

describe('ready', () => {
  it('says what a prefault in the foreground did', async () => {
    using region = await allocate({ size: 2 * H, backing: ['base'] });
    await expect(region.ready).resolves.toMatchObject({ populatedBytes: 2 * H });
    using other = allocateSync({ size: 2 * H, backing: ['base'] });
    await expect(other.ready).resolves.toMatchObject({ populatedBytes: 2 * H });
  });

  it('is undefined where none was asked for', async () => {
    using region = await allocate({ size: 2 * H, backing: ['base'], prefault: false });
    await expect(region.ready).resolves.toBeUndefined();
  });
});
