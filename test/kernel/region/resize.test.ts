/** Acceptance case 18, without a pool: pages of THP and base regions move, those of files are mapped again. */
import { describe, expect, it } from 'vitest';
import { Region, allocateSync } from '../../../lib/index.js';
import type { AllocateSyncOptions } from '../../../lib/index.js';
import { mappingsOf } from '../../support/kernel-text.js';
import { basePages } from '../../support/page-frames.js';
import { BASE_PAGE as P, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { moving, resizing } from '../../support/relocating.js';
import { TAKES_SECONDS } from '../../support/takes-seconds.mjs';
import { errorOf, rejectionOf } from '../../support/thrown.js';


const GROWING: [title: string, options: Omit<AllocateSyncOptions, 'size'>, page: number][] = [
  ['base', { backing: ['base'] }, P],
  ['thp', { backing: ['thp'] }, H],
  ['a memfd of base pages', { backing: ['base'], source: 'memfd' }, P],
];

const KEEPING: [title: string, options: Omit<AllocateSyncOptions, 'size'>][] = [
  ['shared memory without a file', { backing: ['base'], shared: true }],
  ['a private mapping of a memfd', { backing: ['base'], source: 'memfd', shared: false }],
  ['a System V segment', { backing: ['base'], source: 'sysv' }],
];

function numbered(region: Region): void {
  const words = region.view(Uint32Array);
  for (let page = 0; page < region.byteLength / P; page++) words[(page * P) / 4] = page + 1;
}

/** Whether the first pages have their numbers, and the rest is zero. */
function expectNumbers(region: Region, pages: number): void {
  const words = region.view(Uint32Array);
  const found = Array.from({ length: region.byteLength / P }, (_, page) => words[(page * P) / 4]);
  expect(found).toEqual(found.map((_, page) => (page < pages ? page + 1 : 0)));
}

describe.each(GROWING)('a region on %s', (_, options, page) => {
  it('grows and shrinks with its content', () => {
    using region = allocateSync({ size: 4 * page, ...options });
    numbered(region);
    const { id } = region;
    for (const pages of [9, 3, 1, 12, 2]) {
      const before = region.byteLength;
      region.resize(pages * page);
      expect(region.byteLength).toBe(pages * page);
      expectNumbers(region, Math.min(before, region.byteLength) / P);
      numbered(region);
    }
    expect(region.id).toBe(id);
  });

  it('is one mapping, however often it has grown', () => {
    using region = allocateSync({ size: 2 * page, ...options });
    for (let pages = 3; pages < 20; pages++) {
      if (pages % 2 === 0) region.bytes().fill(1);
      region.resize(pages * page);
    }
    expect(mappingsOf(region.address, region.byteLength).map(({ start, end }) => [start, end])).toEqual([
      [region.address, region.address + BigInt(region.byteLength)],
    ]);
  });

  it('has zeros where it was shrunk and grown again', () => {
    using region = allocateSync({ size: 3 * page, ...options });
    numbered(region);
    region.resize(page);
    region.resize(3 * page);
    expectNumbers(region, page / P);
  });

  it('detaches the views of the old size, and gives back what lay there', () => {
    using region = allocateSync({ size: 2 * page, ...options });
    const { address, byteLength } = region;
    const views = [region.bytes(), region.view(Uint32Array), new Uint8Array(region.buffer(0, 8))];
    region.resize(4 * page);
    expect(views.map(({ length }) => length)).toEqual([0, 0, 0]);
    expect(region.bytes().length).toBe(4 * page);
    expect(basePages(address, byteLength).some(({ present }) => present)).toBe(false);
  });

  it('does not populate what is new, and populates it when asked', async () => {
    using region = allocateSync({ size: 2 * page, ...options });
    region.resize(4 * page);
    expect(region.residency(2 * page).presentBytes).toBe(0);
    expect(await region.prefault({ offset: 2 * page })).toMatchObject({ populatedBytes: 2 * page });
  });

  it('rounds up to whole pages, and does nothing when that is the size', () => {
    using region = allocateSync({ size: 2 * page, ...options });
    const bytes = region.bytes();
    for (const size of [2 * page, 2 * page - 1, page + 1, String(2 * page), BigInt(2 * page)]) region.resize(size);
    expect(bytes.length).toBe(2 * page);
    region.resize(1);
    expect(region.byteLength).toBe(page);
  });

  it('keeps alignment, guards and what is told to forks', () => {
    using region = allocateSync({ size: 2 * page, ...options, alignment: 4 * H, guard: true, onFork: 'exclude' });
    for (const pages of [5, 1]) {
      region.resize(pages * page);
      expect(region.address % BigInt(4 * H)).toBe(0n);
      const around = mappingsOf(region.address - 1n, region.byteLength + 2);
      expect(around.map(({ permissions }) => permissions.slice(0, 3))).toEqual(['---', 'rw-', '---']);
      expect(around[1]?.flags).toContain('dc');
    }
  });

  it('can get more than there are addresses: an error, and all as before', () => {
    using region = allocateSync({ size: 2 * page, ...options });
    numbered(region);
    const bytes = region.bytes();
    const { address } = region;
    expect(resizing(region, 2 ** 47)).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MEMORY', errno: -12 });
    expect([region.byteLength, region.address, bytes.length]).toEqual([2 * page, address, 2 * page]);
    expectNumbers(region, (2 * page) / P);
  });
});

describe('what was said of parts of a region', () => {
  it('goes with private pages, and what is new can be written', () => {
    using region = allocateSync({ size: 8 * P, backing: ['base'] });
    numbered(region);
    region.protect('read', 2 * P, P);
    region.protect('read', 7 * P, P);
    region.advise('dontdump', 4 * P, 2 * P);
    region.resize(12 * P);
    const permissions = mappingsOf(region.address, region.byteLength).flatMap(({ start, end, permissions: allowed, flags }) =>
      Array.from({ length: Number(end - start) / P }, () => `${allowed.slice(0, 2)}${flags.includes('dd') ? 'd' : ''}`),
    );
    expect(permissions).toEqual(['rw', 'rw', 'r-', 'rw', 'rwd', 'rwd', 'rw', 'r-', 'rw', 'rw', 'rw', 'rw']);
    expectNumbers(region, 8);
    region.resize(3 * P);
    expect(mappingsOf(region.address, region.byteLength).map(({ permissions: allowed }) => allowed)).toEqual(['rw-p', 'r--p']);
    expectNumbers(region, 3);
  });
});

describe.each(KEEPING)('%s', (_, options) => {
  it('keeps its size, and says what to take instead', () => {
    using region = allocateSync({ size: 2 * P, ...options });
    const bytes = region.bytes();
    for (const pages of [1, 3]) {
      const remedy = expect.stringContaining("source: 'memfd'") as string;
      expect(resizing(region, pages * P)).toMatchObject({ code: 'ERR_HUGEPAGES_UNSUPPORTED', remedy });
    }
    expect(bytes.length).toBe(2 * P);
  });
});

describe('a region that others use', () => {
  const busy = {
    code: 'ERR_HUGEPAGES_BUSY',
    message: expect.stringContaining('held a second time, by another thread or by this one') as string,
    remedy: expect.stringContaining('dispose()') as string,
  };

  it.each(GROWING)('is not resized while it is held twice: %s', (_, options, page) => {
    using region = allocateSync({ size: 2 * page, ...options });
    const token = region.share();
    const second = Region.attach(token);
    const views = [region.bytes(), second.bytes()];
    for (const one of [region, second]) {
      expect(resizing(one, 4 * page)).toMatchObject(busy);
      expect(moving(one)).toMatchObject(busy);
    }
    expect(views.map(({ length }) => length)).toEqual([2 * page, 2 * page]);
    region.dispose();
    second.resize(4 * page);
    expect(second.byteLength).toBe(4 * page);
    second.dispose();
  });

  it('is not resized while a prefault is under way, and afterwards is', async () => {
    using region = allocateSync({ size: TAKES_SECONDS, backing: ['base'], prefault: false });
    const controller = new AbortController();
    const prefault = rejectionOf(region.prefault({ threads: 1, signal: controller.signal }));
    expect(resizing(region, H)).toMatchObject(busy);
    controller.abort();
    expect(await prefault).toMatchObject({ code: 'ABORT_ERR' });
    region.resize(H);
    expect(region.byteLength).toBe(H);
  });

  it('has a token of one size only', () => {
    using region = allocateSync({ size: 2 * P, backing: ['base'] });
    const token = region.share();
    region.resize(4 * P);
    expect(errorOf(() => Region.attach(token))).toMatchObject({ code: 'ERR_HUGEPAGES_TOKEN' });
    using same = Region.attach(region.share());
    expect([same.id, same.byteLength]).toEqual([region.id, 4 * P]);
  });
});
