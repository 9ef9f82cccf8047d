/** Holes and who may have their pages: reserve(), keepReservation, refill(), holes(). Pool rows are total, free, reserved, surplus. */
import { expect, it } from 'vitest';
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { allocateSync } from '../../../lib/index.js';
import type { Region } from '../../../lib/index.js';
import { runChild } from '../../support/child.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { counters, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';

const POOL = { pageSize: H, pages: 4 };
const OUTSIDER = { size: H, backing: ['hugetlb'] } as const;
const NO_MEMORY = { name: 'HugePagesError', code: 'ERR_HUGEPAGES_NO_MEMORY', errno: -12, syscall: 'mmap' };

function row(): string {
  const { total, free, reserved, surplus } = counters(H);
  return [total, free, reserved, surplus].join('/');
}

function memfd(): Region {
  return allocateSync({ size: 4 * H, backing: ['hugetlb'], source: 'memfd' });
}

requires({ pool: POOL }).describe('holes of a region that has the whole pool', () => {
  withPool(POOL);

  it('reserve() takes their reservation back, and an outsider gets nothing any more', () => {
    using region = memfd();
    region.discard(0, 2 * H);
    expect(row()).toBe('4/2/0/0');
    expect(region.holes()).toEqual([{ offset: 0, length: 2 * H }]);
    allocateSync(OUTSIDER).dispose();

    region.reserve(0, 2 * H);
    expect(row()).toBe('4/2/2/0');
    expect(region.holes()).toEqual([]);
    expect(errorOf(() => allocateSync(OUTSIDER))).toMatchObject(NO_MEMORY);
    region.bytes(0, 2 * H).fill(1);
    expect(row()).toBe('4/0/0/0');
  });

  it('reserve() takes back a part of them', () => {
    using region = memfd();
    region.discard(0, 4 * H);
    region.reserve(H, H);
    expect(row()).toBe('4/4/1/0');
    expect(region.holes()).toEqual([{ offset: 0, length: H }, { offset: 2 * H, length: 2 * H }]);
    region.reserve();
    expect(row()).toBe('4/4/4/0');
    expect(region.holes()).toEqual([]);
  });

  it('reserve() says why when an outsider has a page, and changes nothing', () => {
    using region = memfd();
    region.discard(0, 2 * H);
    using outsider = allocateSync(OUTSIDER);
    expect(row()).toBe('4/1/0/0');
    const error = errorOf(() => region.reserve());
    expect(error).toMatchObject({ ...NO_MEMORY, details: { neededPages: 2, pool: { total: 4, free: 1, reserved: 0 } } });
    expect((error as Error).message).toMatch(/2 pages needed, 1 to be had/);
    expect(row()).toBe('4/1/0/0');
    expect(region.holes()).toEqual([{ offset: 0, length: 2 * H }]);
    outsider.dispose();
    region.reserve();
    expect(row()).toBe('4/2/2/0');
  });

  it('keepReservation leaves no hole', () => {
    using region = memfd();
    expect(region.discard(H, 2 * H, { keepReservation: true })).toMatchObject({ freedPages: 2, reservation: 'kept' });
    expect(row()).toBe('4/2/2/0');
    expect(errorOf(() => allocateSync(OUTSIDER))).toMatchObject(NO_MEMORY);
    expect(region.holes()).toEqual([]);
  });

  it('keepReservation that cannot be kept discards nothing', () => {
    for (const options of [{ source: 'sysv' }, { shared: true }, { reserve: false }] as const) {
      using region = allocateSync({ size: 4 * H, backing: ['hugetlb'], ...options });
      region.bytes().fill(0x5a);
      const unsupported = { code: 'ERR_HUGEPAGES_UNSUPPORTED', errno: undefined };
      expect(errorOf(() => region.discard(0, H, { keepReservation: true }))).toMatchObject(unsupported);
      expect(row()).toBe('4/0/0/0');
      expect(region.bytes().equals(Buffer.alloc(4 * H, 0x5a))).toBe(true);
      region.reserve(); // no holes: nothing to do
      region.discard(0, H);
      expect(errorOf(() => region.reserve())).toMatchObject(unsupported);
    }
  });

  requires({ program: 'prlimit' }).it('keepReservation that comes too late says what it left', async () => {
    const { code, signal, json } = await runChild(new URL('children/reserve-too-late.mjs', import.meta.url));
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(json).toEqual({
      ...{ code: 'ERR_HUGEPAGES_NO_MEMORY', syscall: 'mmap', free: 2 },
      details: { offset: H, length: 2 * H, freedBytes: 2 * H, freedPages: 2, reservation: 'lost' },
      holes: [{ offset: H, length: 2 * H }],
    });
  });

  it('refill() takes the pages, or rejects where a touch would be SIGBUS', async () => {
    using region = memfd();
    region.discard(0, 2 * H);
    await expect(region.refill(0, H)).resolves.toMatchObject({ populatedBytes: H });
    expect(row()).toBe('4/1/0/0');
    expect(region.holes()).toEqual([{ offset: H, length: H }]);
    {
      using outsider = allocateSync(OUTSIDER);
      expect(outsider.backing.kind).toBe('hugetlb');
      const failure = { code: 'ERR_HUGEPAGES_POPULATE', errno: -14, details: { requestedBytes: 2 * H, populatedBytes: H } };
      for (const error of [await rejectionOf(region.refill(0, 2 * H)), errorOf(() => region.refillSync(0, 2 * H))]) {
        expect(error).toMatchObject(failure);
        // The region was promised pages; its holes are not.
        expect((error as Error).message).toMatch(/1 page needed, 0 to be had/);
      }
    }
    expect(region.refillSync()).toMatchObject({ populatedBytes: 4 * H });
    expect(region.residency().presentBytes).toBe(4 * H);
    expect(row()).toBe('4/0/0/0');
    expect(region.holes()).toEqual([]);
  });

  it('holes() knows touches, and all threads of the process', async () => {
    using region = memfd();
    region.discard(0, 3 * H);
    region.bytes()[H] = 1;
    expect(region.holes()).toEqual([{ offset: 0, length: H }, { offset: 2 * H, length: H }]);
    const worker = new Worker(new URL('children/discard-in-worker.mjs', import.meta.url), { workerData: region.share() });
    const exit = once(worker, 'exit'); // may come right behind the message
    const [seen] = (await once(worker, 'message')) as [unknown];
    await exit;
    expect(seen).toEqual([{ offset: 0, length: H }, { offset: 2 * H, length: H }]);
    expect(region.holes()).toEqual([{ offset: 0, length: H }, { offset: 2 * H, length: 2 * H }]);
  });

  it('a touch of a hole whose page an outsider has is SIGBUS, and every way that asks first is an error', async () => {
    const { code, signal, stdout } = await runChild(new URL('children/touch-hole.mjs', import.meta.url));
    expect({ code, signal, stdout }).toEqual({ code: null, signal: 'SIGBUS', stdout: '"ERR_HUGEPAGES_POPULATE"\n' });
  });
});
