/** move(): the same pages at other addresses. */
import { describe, expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import type { AllocateSyncOptions, Region } from '../../../lib/index.js';
import { mappingsOf } from '../../support/kernel-text.js';
import { basePages } from '../../support/page-frames.js';
import { BASE_PAGE as P, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { moving, resizing } from '../../support/relocating.js';
import { requires } from '../../support/requirements.js';
import { HAS_SHARED_BUFFERS, NO_SHARED_BUFFERS } from '../../support/shared-buffers.js';

type Options = Omit<AllocateSyncOptions, 'size'>;

const ORDINARY: Options[] = [
  { backing: ['base'] },
  { backing: ['thp'] },
  { backing: ['base'], shared: true },
  { backing: ['base'], source: 'memfd' },
  { backing: ['base'], source: 'memfd', shared: false },
  { backing: ['base'], source: 'sysv' },
];
const HUGE: Options[] = [
  { backing: ['hugetlb'] },
  { backing: ['hugetlb'], shared: true },
  { backing: ['hugetlb'], source: 'memfd' },
  { backing: ['hugetlb'], source: 'memfd', shared: false },
  { backing: ['hugetlb'], source: 'sysv' },
];

function frames(region: Region): bigint[] {
  return basePages(region.address, region.byteLength).map(({ frame }) => frame);
}

function expectMoved(options: Options): void {
  using region = allocateSync({ size: 2 * H, guard: true, ...options });
  const { address, id } = region;
  const bytes = region.bytes();
  bytes.fill(7);
  const before = frames(region);
  region.move({ alignment: '1GiB' });
  expect(region.address % BigInt(2 ** 30)).toBe(0n);
  expect([region.id, region.byteLength, bytes.length]).toEqual([id, 2 * H, 0]);
  expect(region.address === address).toBe(false);
  expect(region.bytes().every((byte) => byte === 7)).toBe(true);
  expect(frames(region)).toEqual(before);
  const around = mappingsOf(region.address - 1n, region.byteLength + 2);
  expect(around.map(({ permissions }) => permissions.slice(0, 3))).toEqual(['---', 'rw-', '---']);
}

describe('move()', () => {
  it.each(ORDINARY)('keeps the pages of %o', expectMoved);

  it('goes where it is told, if that is free', () => {
    using region = allocateSync({ size: 4 * P, backing: ['base'] });
    using placeholder = allocateSync({ size: 4 * P, backing: ['base'] });
    const addressHint = placeholder.address;
    region.move({ addressHint });
    expect(region.address).not.toBe(addressHint);
    placeholder.dispose();
    region.move({ addressHint });
    expect(region.address).toBe(addressHint);
  });

  it('takes along what was said of parts', () => {
    using region = allocateSync({ size: 4 * P, backing: ['base'] });
    region.protect('read', P, P);
    region.move();
    expect(mappingsOf(region.address, region.byteLength).map(({ permissions }) => permissions)).toEqual(['rw-p', 'r--p', 'rw-p']);
  });
});

const POOL = { pageSize: H, pages: 4 };
requires({ root: true, pool: POOL }).describe('move() of hugetlb pages', () => {
  withPool(POOL);

  it.each(HUGE)('keeps the pages of %o', (options) => {
    expectMoved(options);
  });

  it('keeps what is reserved', () => {
    const before = allCounters();
    using region = allocateSync({ size: 4 * H, backing: ['hugetlb'], prefault: false });
    region.bytes(2 * H, 1).fill(1);
    for (let round = 0; round < 3; round++) region.move();
    expect(delta(before)).toEqual({ [H]: { free: -1, reserved: 3 } });
    region.bytes(0, 1).fill(1);
    expect(delta(before)).toEqual({ [H]: { free: -2, reserved: 2 } });
  });

  it('takes along what was said of parts, and keeps it when the rest is cut off', () => {
    using region = allocateSync({ size: 4 * H, backing: ['hugetlb'] });
    region.protect('read', H, H);
    region.move();
    const permissions = (): string[] => mappingsOf(region.address, region.byteLength).map((mapping) => mapping.permissions);
    expect(permissions()).toEqual(['rw-p', 'r--p', 'rw-p']);
    region.resize(2 * H);
    expect(permissions()).toEqual(['rw-p', 'r--p']);
  });

  it.skipIf(!HAS_SHARED_BUFFERS)(`is refused while a view cannot be detached ${HAS_SHARED_BUFFERS ? '' : NO_SHARED_BUFFERS}`, () => {
    using region = allocateSync({ size: 2 * H, backing: ['hugetlb'] });
    const bytes = region.bytes().fill(5);
    const shared = new Uint8Array(region.sharedBuffer());
    for (const refused of [moving(region), resizing(region, H)]) {
      expect(refused).toMatchObject({ code: 'ERR_HUGEPAGES_BUSY', remedy: expect.stringContaining('memfd') as string });
    }
    expect([bytes[0], shared[H]]).toEqual([5, 5]);
  });
});
