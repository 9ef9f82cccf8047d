/** zero(): what it clears, which pages it takes, and how it ends early. */
import { describe, expect, it } from 'vitest';
import { allocate, allocateSync } from '../../../lib/index.js';
import type { ZeroProgress } from '../../../lib/index.js';
import { runChild } from '../../support/child.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { TAKES_SECONDS } from '../../support/takes-seconds.mjs';
import { rejectionOf } from '../../support/thrown.js';

const REASON = new Error('changed my mind');

describe('zero', () => {
  it.each([
    [0, 16 * BASE_PAGE],
    [1, 2],
    [BASE_PAGE - 3, 3 * BASE_PAGE + 7],
    [5 * BASE_PAGE + 64, 4032],
    [16 * BASE_PAGE, 0],
  ])('clears exactly its bytes: %i, %i', async (offset, length) => {
    using region = allocateSync({ size: 16 * BASE_PAGE, backing: ['base'] });
    region.bytes().fill(0x5a);
    await expect(region.zero(offset, length)).resolves.toMatchObject({ zeroedBytes: length, holeBytes: 0 });
    const expected = Buffer.alloc(region.byteLength, 0x5a);
    expected.fill(0, offset, offset + length);
    expect(region.bytes().equals(expected)).toBe(true);
  });

  it('clears all of a region by default, on the threads it is told', async () => {
    using region = allocateSync({ size: 16 * H, backing: ['base'] });
    region.bytes().fill(0x5a);
    await expect(region.zero(undefined, undefined, { threads: 3 })).resolves.toMatchObject({ zeroedBytes: 16 * H, threads: 3 });
    expect(region.bytes().equals(Buffer.alloc(16 * H))).toBe(true);
  });

  it('tells its progress, up to the end', async () => {
    using region = allocateSync({ size: 64 * H, backing: ['base'] });
    const calls: ZeroProgress[] = [];
    await region.zero(H, 2 * H, { onProgress: (progress) => calls.push(progress) });
    expect(calls.at(-1)).toEqual({ zeroedBytes: 2 * H, totalBytes: 2 * H });
  });

  it('can be aborted before it starts and on the way', async () => {
    using region = allocateSync({ size: TAKES_SECONDS, backing: ['base'], prefault: false });
    const aborted = { name: 'AbortError', code: 'ABORT_ERR', cause: REASON };
    expect(await rejectionOf(region.zero(0, TAKES_SECONDS, { signal: AbortSignal.abort(REASON) }))).toMatchObject(aborted);
    expect(region.residency().presentBytes).toBe(0);
    const controller = new AbortController();
    const zeroing = region.zero(0, TAKES_SECONDS, { threads: 1, signal: controller.signal });
    controller.abort(REASON);
    const error = await rejectionOf(zeroing);
    expect(error).toMatchObject(aborted);
    expect((error as { details: { zeroedBytes: number } }).details.zeroedBytes).toBeLessThan(TAKES_SECONDS);
  });

  it('stops when the region is disposed, and rejects', async () => {
    const region = allocateSync({ size: TAKES_SECONDS, backing: ['base'], prefault: false });
    const zeroing = region.zero();
    region.dispose();
    expect(await rejectionOf(zeroing)).toMatchObject({ code: 'ERR_HUGEPAGES_DISPOSED' });
  });

  it('of read-only memory is an error, and changes nothing', async () => {
    using region = await allocate({ size: 4 * BASE_PAGE, backing: ['base'] });
    region.bytes().fill(0x5a);
    region.protect('read', BASE_PAGE, BASE_PAGE);
    const error = await rejectionOf(region.zero(BASE_PAGE, 2 * BASE_PAGE, { threads: 1 }));
    expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_POPULATE', details: { requestedBytes: 2 * BASE_PAGE, zeroedBytes: 0 } });
    expect(String(error)).toContain("region.protect('read-write')");
    expect(region.bytes().equals(Buffer.alloc(4 * BASE_PAGE, 0x5a))).toBe(true);
  });

  it('meets no signal when the region is made read-only meanwhile', async () => {
    const ended = await runChild(new URL('children/zero-and-protect.mjs', import.meta.url));
    expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
    expect((ended.json as { refused: number }).refused).toBeGreaterThan(0);
  });

  const POOL = { pageSize: H, pages: 4 };
  requires({ pool: POOL }).describe('on a hugetlb region', () => {
    withPool(POOL);

    it('keeps the pages that are there, and populates those that are not', async () => {
      const before = allCounters();
      using region = allocateSync({ size: 4 * H, backing: ['hugetlb'], prefault: false });
      region.bytes(H, H).fill(0x5a);
      const [frame] = region.residency(H, H).runs;
      await expect(region.zero(H, 2 * H)).resolves.toMatchObject({ zeroedBytes: 2 * H, holeBytes: 0 });
      expect(delta(before)).toEqual({ [H]: { free: -2, reserved: 2 } });
      expect(region.residency(H, H).runs[0]).toMatchObject({ pfn: frame?.pfn });
      expect(region.bytes(H, H).equals(Buffer.alloc(H))).toBe(true);
    });

    it.each([{ shared: false }, { shared: true }])('leaves pages alone that cannot be had: %o', async ({ shared }) => {
      using region = allocateSync({ size: 6 * H, backing: ['hugetlb'], shared, reserve: false, prefault: false });
      await region.prefault({ offset: H, length: H });
      await region.prefault({ offset: 3 * H, length: H });
      region.bytes(H, H).fill(0x5a);
      using rest = allocateSync({ size: 2 * H, backing: ['hugetlb'] });
      await expect(region.zero(0, 6 * H - 1)).resolves.toMatchObject({ zeroedBytes: 2 * H, holeBytes: 4 * H - 1 });
      expect(region.bytes(H, H).equals(Buffer.alloc(H))).toBe(true);
      expect(rest.disposed).toBe(false);
    });
  });
});
