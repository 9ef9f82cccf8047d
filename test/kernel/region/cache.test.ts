/** RegionCache: what it hands out again, what it does not keep, and when it gives back. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Region, RegionCache, allocate, allocateSync } from '../../../lib/index.js';
import type { AllocateOptions } from '../../../lib/index.js';
import { runChild, startChild } from '../../support/child.js';
import { NONSENSE, expectArgumentError } from '../../support/hostile.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { HAS_SHARED_BUFFERS } from '../../support/shared-buffers.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';

const CHILD = new URL('children/cache.mjs', import.meta.url);
const BASE: AllocateOptions = { size: 64 * BASE_PAGE, backing: ['base'] };

let cache = new RegionCache({ maxBytes: '64MiB' });
afterEach(() => {
  cache.dispose();
  cache = new RegionCache({ maxBytes: '64MiB' });
});

describe('a region that is acquired again', () => {
  it('has the same memory, of zeros, and is another region', async () => {
    const first = await cache.acquire(BASE);
    const { id, address } = first;
    const token = first.share();
    const bytes = first.bytes();
    bytes.fill(0x5a);
    await expect(cache.release(first)).resolves.toBe(true);
    expect(first.disposed).toBe(true);
    expect(bytes).toHaveLength(0);
    using second = await cache.acquire(BASE);
    expect(second.address).toBe(address);
    expect(second.bytes().equals(Buffer.alloc(second.byteLength))).toBe(true);
    expect(second.id).not.toBe(id);
    expect(errorOf(() => Region.attach(token))).toMatchObject({ code: 'ERR_HUGEPAGES_TOKEN' });
    expect(cache.stats()).toMatchObject({ regions: 0, bytes: 0, hits: 1, misses: 1 });
    second.bytes().fill(1);
    expect(bytes).toHaveLength(0);
  });

  it('is scrubbed also when nobody waited for that, and not at all when so asked', async () => {
    const first = await cache.acquire(BASE);
    first.bytes().fill(0x5a);
    void cache.release(first);
    using second = await cache.acquire(BASE);
    expect(second.bytes().equals(Buffer.alloc(second.byteLength))).toBe(true);
    using dirty = new RegionCache({ maxBytes: '1MiB', scrub: false });
    const third = await dirty.acquire(BASE);
    third.bytes().fill(0x5a);
    await dirty.release(third);
    using fourth = await dirty.acquire(BASE);
    expect(fourth.bytes().equals(Buffer.alloc(fourth.byteLength, 0x5a))).toBe(true);
  });

  it('is left to the next one by who gave up while it was scrubbed, and to nobody by a cache that ended', async () => {
    const stale = await cache.acquire(BASE);
    void cache.release(stale);
    const controller = new AbortController();
    const aborted = cache.acquire({ ...BASE, prefault: { signal: controller.signal } });
    controller.abort();
    expect(await rejectionOf(aborted)).toMatchObject({ code: 'ABORT_ERR' });
    expect(cache.stats()).toMatchObject({ regions: 1, bytes: stale.byteLength, hits: 0 });
    const late = cache.acquire(BASE);
    cache.dispose();
    expect(await rejectionOf(late)).toMatchObject({ code: 'ERR_HUGEPAGES_DISPOSED' });
    expect(cache.stats()).toMatchObject({ regions: 0, bytes: 0, hits: 0 });
  });

  it('is like the one that is asked for', async () => {
    await cache.release(await cache.acquire(BASE));
    const others: AllocateOptions[] = [
      { ...BASE, size: 65 * BASE_PAGE },
      { ...BASE, guard: true },
      { ...BASE, alignment: '2MiB' },
      { ...BASE, reserve: false },
      { ...BASE, shared: true },
      { ...BASE, onFork: 'inherit' },
    ];
    for (const options of others) (await cache.acquire(options)).dispose();
    expect(cache.stats()).toMatchObject({ regions: 1, hits: 0, misses: 7 });
    using again = await cache.acquire({ size: '256KiB', backing: ['base', 'thp'], prefault: false });
    await expect(again.ready).resolves.toBeUndefined();
    expect(cache.stats()).toMatchObject({ hits: 1 });
  });
});

describe('a region is not kept', () => {
  it.each<[string, (region: Region) => unknown]>([
    ['that is protected', (region) => region.protect('read', 0, BASE_PAGE)],
    ['that was protected', (region) => region.protect('read-write')],
    ['that was advised', (region) => region.advise('dofork')],
    ['that is locked', (region) => region.lock(0, BASE_PAGE)],
    ['that has another holder', (region) => Region.attach(region.share())],
    ['that is being populated', (region) => void region.prefault().catch(() => undefined)],
    ['whose memory is in a SharedArrayBuffer', (region) => (HAS_SHARED_BUFFERS ? region.sharedBuffer() : region.protect('read'))],
    ['whose ArrayBuffer was transferred', (region) => moved(region)],
  ])('%s', async (_, change) => {
    const region = await cache.acquire(BASE);
    const kept = change(region);
    await expect(cache.release(region)).resolves.toBe(false);
    expect(region.disposed).toBe(true);
    expect(cache.stats()).toMatchObject({ regions: 0, bytes: 0 });
    if (kept instanceof Region) kept.dispose();
  });

  it.each<AllocateOptions>([
    { ...BASE, prefault: false },
    { ...BASE, shared: true },
    { ...BASE, onFork: 'inherit' },
    { ...BASE, source: 'memfd' },
    { ...BASE, size: '65MiB' },
  ])('that is %o', async (options) => {
    await expect(cache.release(await cache.acquire(options))).resolves.toBe(false);
    expect(cache.stats()).toMatchObject({ regions: 0 });
  });
});

/** On Node.js 20 there is no way to move it, which is as good a reason. */
function moved(region: Region): unknown {
  const buffer = region.buffer() as ArrayBuffer & { transfer?: () => ArrayBuffer };
  if (buffer.transfer !== undefined) return buffer.transfer();
  region.protect('read');
  return undefined;
}

describe('the cache', () => {
  it('keeps no more than its limit, and gives up what is oldest', async () => {
    using small = new RegionCache({ maxBytes: 3 * BASE_PAGE });
    const held = [1, 1, 2].map((pages) => ({ size: pages * BASE_PAGE, backing: ['base'] as const }));
    const regions = await Promise.all(held.map((options) => small.acquire(options)));
    const addresses = regions.map(({ address }) => address);
    for (const region of regions) await small.release(region);
    expect(small.stats()).toMatchObject({ regions: 2, bytes: 3 * BASE_PAGE });
    using again = await small.acquire({ size: BASE_PAGE, backing: ['base'] });
    expect(again.address).toBe(addresses[1]);
    expect(small.trim(2 * BASE_PAGE)).toBe(0);
    expect(small.trim()).toBe(2 * BASE_PAGE);
  });

  it('takes what it handed out, once', async () => {
    const region = await cache.acquire(BASE);
    await cache.release(region);
    expect(await rejectionOf(cache.release(region))).toMatchObject({ code: 'ERR_HUGEPAGES_DISPOSED' });
    using foreign = await allocate(BASE);
    expectArgumentError(await rejectionOf(cache.release(foreign)), foreign);
    for (const value of NONSENSE) expectArgumentError(await rejectionOf(cache.release(value as Region)), value);
    expect(foreign.disposed).toBe(false);
  });

  it('that is disposed keeps nothing and hands out nothing', async () => {
    const [first, second] = [await cache.acquire(BASE), await cache.acquire(BASE)];
    await cache.release(first);
    cache.dispose();
    expect(cache.stats()).toMatchObject({ regions: 0, bytes: 0 });
    await expect(cache.release(second)).resolves.toBe(false);
    expect(await rejectionOf(cache.acquire(BASE))).toMatchObject({ code: 'ERR_HUGEPAGES_DISPOSED' });
  });

  it('checks its arguments and its receiver', async () => {
    const Loose = RegionCache as unknown as new (...args: unknown[]) => RegionCache;
    const wrong = [undefined, {}, { maxBytes: -1 }, { maxBytes: 1, scrub: 1 }, { maxBytes: 1, maxAge: -1 }, { maxBytes: 1, age: 1 }];
    for (const options of [...wrong, ...NONSENSE]) expectArgumentError(errorOf(() => new Loose(options)), options);
    expectArgumentError(errorOf(() => cache.trim(-1)), -1);
    for (const name of ['acquire', 'release', 'stats', 'trim', 'dispose'] as const) {
      const method = cache[name] as (this: unknown) => unknown;
      expect(await rejectionOf((async () => await method.call({}))())).toMatchObject({ code: 'ERR_INVALID_THIS' });
    }
  });

  it('gives back what nobody wanted for long', async () => {
    using brief = new RegionCache({ maxBytes: '1MiB', maxAge: 0 });
    await brief.release(await brief.acquire(BASE));
    while (brief.stats().regions > 0) await delay(50);
    expect(brief.stats()).toMatchObject({ regions: 0, bytes: 0 });
  });

  it('keeps no process alive', async () => {
    const ended = await runChild(CHILD, ['exit']);
    expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null, json: { regions: 1 } });
  });
});

const POOL = { pageSize: H, pages: 4 };
requires({ pool: POOL }).describe('a cache of hugetlb regions', () => {
  withPool(POOL);
  const options = { size: 2 * H, backing: ['hugetlb'] as const };

  it('keeps their pages out of the pool until it is trimmed', async () => {
    const before = allCounters();
    const region = await cache.acquire(options);
    region.bytes().fill(0x5a);
    const [run] = region.residency().runs;
    await cache.release(region);
    expect(delta(before)).toEqual({ [H]: { free: -2 } });
    const again = await cache.acquire(options);
    expect(delta(before)).toEqual({ [H]: { free: -2 } });
    expect(again.residency().runs[0]).toMatchObject({ pfn: run?.pfn });
    await cache.release(again);
    expect(cache.trim()).toBe(2 * H);
    expect(delta(before)).toEqual({});
  });

  it('gives up what it has before an allocation fails', async () => {
    const first = await cache.acquire(options);
    const second = await cache.acquire(options);
    await Promise.all([cache.release(first), cache.release(second)]);
    using large = await cache.acquire({ size: 4 * H, backing: ['hugetlb'] });
    expect(large.byteLength).toBe(4 * H);
    expect(cache.stats()).toMatchObject({ regions: 0 });
  });

  it('does not keep a second choice', async () => {
    using all = allocateSync({ size: 4 * H, backing: ['hugetlb'] });
    const second = await cache.acquire({ size: 2 * H, backing: ['hugetlb', 'base'] });
    expect(second.attempts).toHaveLength(2);
    await expect(cache.release(second)).resolves.toBe(false);
    expect(all.disposed).toBe(false);
  });

  it('gives back when the pool is empty and others have pages of it', async () => {
    await cache.release(await cache.acquire(options));
    const { child, result } = startChild(CHILD, ['hold', 2 * H]);
    while (cache.stats().regions > 0) await delay(50);
    child.kill();
    expect(await result).toMatchObject({ signal: 'SIGTERM' });
  });
});
