/** Regions that nobody disposed: the garbage collector gives their pages back, and no sooner than the last way to reach them is gone. */
import { expect, it } from 'vitest';
import { Region, allocateSync } from '../../lib/index.js';
import type { RegionToken } from '../../lib/index.js';
import { collectUntil } from '../support/gc.mjs';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import type { Counters } from '../support/pool.js';
import { allCounters, delta, withPool } from '../support/pool.js';
import { requires } from '../support/requirements.js';

const COUNT = 1000;
const POOL = { pageSize: H, pages: COUNT };
const ONE = { size: H, pageSize: H, backing: ['hugetlb'] } as const;

const isBack = (before: Counters) => (): boolean => Object.keys(delta(before)).length === 0;

requires({ pool: POOL }).describe('garbage collection', () => {
  withPool(POOL);

  it(`returns ${String(COUNT)} regions that were only reserved`, async () => {
    const before = allCounters();
    for (let i = 0; i < COUNT; i++) allocateSync({ ...ONE, prefault: false });
    expect(delta(before)).toEqual({ [H]: { reserved: COUNT } });
    expect(await collectUntil(isBack(before))).toBe(true);
  });

  it(`returns ${String(COUNT)} regions that were populated and have buffers`, async () => {
    const before = allCounters();
    for (let i = 0; i < COUNT; i++) allocateSync({ ...ONE, shared: i % 2 === 0 }).bytes()[0] = 1;
    expect(delta(before)).toEqual({ [H]: { free: -COUNT } });
    expect(await collectUntil(isBack(before))).toBe(true);
  });

  it('leaves a region alone whose ArrayBuffer is still there', async () => {
    const before = allCounters();
    const kept: { buffer?: ArrayBuffer } = {};
    const collected = dropRegion(kept);
    expect(await collectUntil(() => collected.deref() === undefined)).toBe(true);
    await collectUntil(() => false);
    expect(delta(before)).toEqual({ [H]: { free: -1 } });
    expect(new Uint8Array(kept.buffer ?? new ArrayBuffer(0))[H - 1]).toBe(0x5a);
    delete kept.buffer;
    expect(await collectUntil(isBack(before))).toBe(true);
  });

  it('leaves a region alone that another holder has', async () => {
    const before = allCounters();
    const region = allocateSync(ONE);
    const attached = dropAttached(region.share());
    expect(await collectUntil(() => attached.deref() === undefined)).toBe(true);
    await collectUntil(() => false);
    region.bytes().fill(1);
    expect(delta(before)).toEqual({ [H]: { free: -1 } });
    region.dispose();
  });

  it('comes too late for a prefault under way, which keeps its region', async () => {
    const before = allCounters();
    const prefault = allocateSync({ ...ONE, size: COUNT * H, prefault: false }).prefault();
    globalThis.gc?.();
    expect(await prefault).toMatchObject({ populatedBytes: COUNT * H });
    expect(await collectUntil(isBack(before))).toBe(true);
  });
});

// In functions of their own: a variable of the test would keep the region.
function dropRegion(kept: { buffer?: ArrayBuffer }): WeakRef<object> {
  const region = allocateSync(ONE);
  region.bytes().fill(0x5a);
  kept.buffer = region.buffer();
  return new WeakRef(region);
}

function dropAttached(token: RegionToken): WeakRef<object> {
  return new WeakRef(Region.attach(token));
}
