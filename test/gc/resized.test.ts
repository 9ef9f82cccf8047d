/** Regions that were resized and that nobody disposed: the collector gives back what they had at the end, and old views hold nothing. */
import { expect, it } from 'vitest';
import { allocateSync } from '../../lib/index.js';
import type { AllocateSyncOptions, Region } from '../../lib/index.js';
import { collectUntil } from '../support/gc.mjs';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { allCounters, delta, withPool } from '../support/pool.js';
import type { Counters } from '../support/pool.js';
import { requires } from '../support/requirements.js';
import { HAS_SHARED_BUFFERS, NO_SHARED_BUFFERS } from '../support/shared-buffers.js';

/** Each has a descriptor. */
const COUNT = 50;
const POOL = { pageSize: H, pages: 2 * COUNT };
const MEMFD = { size: H, backing: ['hugetlb'], source: 'memfd' } as const;

const isBack = (before: Counters) => (): boolean => Object.keys(delta(before)).length === 0;

/** With views of both sizes. */
function resized(options: AllocateSyncOptions, size: number): Region {
  const region = allocateSync(options);
  region.bytes()[0] = 0x5a;
  region.resize(size);
  region.bytes()[size - 1] = 0x5b;
  return region;
}

requires({ pool: POOL }).describe('garbage collection', () => {
  withPool(POOL);

  it.each<[string, AllocateSyncOptions, number]>([
    ['memfds that have grown', MEMFD, 2 * H],
    ['memfds that have shrunk', { ...MEMFD, size: 2 * H }, H],
    ['private memory that has shrunk', { ...MEMFD, size: 2 * H, source: 'anonymous' }, H],
  ])(`returns ${String(COUNT)} regions: %s`, async (_, options, size) => {
    const before = allCounters();
    for (let i = 0; i < COUNT; i++) resized(options, size);
    expect(delta(before)).toEqual({ [H]: { free: (-COUNT * size) / H } });
    expect(await collectUntil(isBack(before))).toBe(true);
  });

  it('leaves a region alone whose ArrayBuffer of the new size is still there', async () => {
    const before = allCounters();
    const kept: { buffer?: ArrayBuffer } = {};
    const collected = dropResized(kept);
    expect(await collectUntil(() => collected.deref() === undefined)).toBe(true);
    await collectUntil(() => false);
    expect(delta(before)).toEqual({ [H]: { free: -2 } });
    expect(ends(kept.buffer)).toEqual([0x5a, 0x5b]);
    delete kept.buffer;
    expect(await collectUntil(isBack(before))).toBe(true);
  });

  const title = 'returns a region whose SharedArrayBuffer of the old size is still there, and reads zeros';
  if (!HAS_SHARED_BUFFERS) it.skip(`${title} ${NO_SHARED_BUFFERS}`);
  else {
    it(title, async () => {
      const before = allCounters();
      const old = new Uint8Array(dropShared());
      expect(await collectUntil(isBack(before))).toBe(true);
      expect([old.length, old[0]]).toEqual([H, 0]);
    });
  }
});

// In functions of their own: a variable of the test would keep the region.
function dropResized(kept: { buffer?: ArrayBuffer }): WeakRef<object> {
  const region = resized(MEMFD, 2 * H);
  kept.buffer = region.buffer();
  return new WeakRef(region);
}

function ends(buffer = new ArrayBuffer(0)): (number | undefined)[] {
  const bytes = new Uint8Array(buffer);
  return [bytes[0], bytes[2 * H - 1]];
}

function dropShared(): SharedArrayBuffer {
  const region = allocateSync(MEMFD);
  const shared = region.sharedBuffer();
  new Uint8Array(shared)[0] = 0x5a;
  region.resize(2 * H);
  return shared;
}
