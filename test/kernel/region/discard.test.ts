/** Acceptance cases 2, 3 and 14: what a discard does to a region and to its pool. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import type { AllocateSyncOptions, Region } from '../../../lib/index.js';
import { memfdPath } from '../../support/memfds.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf } from '../../support/thrown.js';

const POOL = { pageSize: H, pages: 4 };
const HUGETLB = { size: 4 * H, backing: ['hugetlb'] } as const;
const SHARED: [string, AllocateSyncOptions][] = [
  ['memfd', { ...HUGETLB, source: 'memfd' }],
  ['a System V segment', { ...HUGETLB, source: 'sysv' }],
  ['shared anonymous memory', { ...HUGETLB, shared: true }],
];
const PRIVATE: [string, AllocateSyncOptions][] = [
  ['private memory', HUGETLB],
  ['a private mapping of a memfd', { ...HUGETLB, source: 'memfd', shared: false }],
];
const TWO_FREED = { offset: H, length: 2 * H, freedBytes: 2 * H, freedPages: 2 };

function marked(options: AllocateSyncOptions): Region {
  const region = allocateSync(options);
  region.bytes().fill(0x5a);
  return region;
}

/** Which of its pages hold what {@link marked} wrote; all others are zeroed. */
function marksOf(region: Region): boolean[] {
  const marks: boolean[] = [];
  for (let offset = 0; offset < region.byteLength; offset += H) {
    const page = region.bytes(offset, H);
    marks.push(page[0] === 0x5a);
    expect(page.equals(Buffer.alloc(H, page[0]))).toBe(true);
  }
  return marks;
}

requires({ pool: POOL }).describe('discarding hugetlb pages', () => {
  withPool(POOL);

  it.each(SHARED)('of %s loses their reservation', (_, options) => {
    const before = allCounters();
    using region = marked(options);
    expect(region.discard(H, 2 * H)).toEqual({ ...TWO_FREED, reservation: 'lost' });
    expect(delta(before)).toEqual({ [H]: { free: -2 } });
    expect(marksOf(region)).toEqual([true, false, false, true]);
    expect(delta(before)).toEqual({ [H]: { free: -4 } });
  });

  it.each(PRIVATE)('of %s keeps it', (_, options) => {
    const before = allCounters();
    using region = marked(options);
    expect(region.discard(H, 2 * H)).toEqual({ ...TWO_FREED, reservation: 'kept' });
    expect(delta(before)).toEqual({ [H]: { free: -2, reserved: 2 } });
    expect(errorOf(() => allocateSync({ ...HUGETLB, size: H }))).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MEMORY' });
    expect(marksOf(region)).toEqual([true, false, false, true]);
    expect(delta(before)).toEqual({ [H]: { free: -4 } });
  });

  it.each([...SHARED, ...PRIVATE])('of %s that are not there frees nothing and keeps their reservation', (_, options) => {
    using region = allocateSync({ ...options, prefault: false });
    const before = allCounters();
    expect(region.discard(0, 4 * H)).toMatchObject({ freedBytes: 0, freedPages: 0 });
    expect(delta(before)).toEqual({});
  });

  it.each(['memfd', 'sysv'] as const)('of a segment or memfd whose memory was never reserved: %s', (source) => {
    const before = allCounters();
    using region = marked({ ...HUGETLB, source, reserve: false });
    expect(region.discard(H, 2 * H)).toEqual({ ...TWO_FREED, reservation: 'lost' });
    expect(delta(before)).toEqual({ [H]: { free: -2 } });
  });

  it('counts the pages that were there, and no others', () => {
    using region = allocateSync({ ...HUGETLB, source: 'memfd', prefault: false });
    region.bytes(2 * H, 1)[0] = 1;
    expect(region.discard(0, 4 * H)).toEqual({ offset: 0, length: 4 * H, freedBytes: H, freedPages: 1, reservation: 'lost' });
    // The others have kept theirs.
    expect(region.holes()).toEqual([{ offset: 2 * H, length: H }]);
  });

  requires({ program: 'fallocate' }).it('gives back what fallocate took', () => {
    const before = allCounters();
    using region = allocateSync({ ...HUGETLB, source: 'memfd', name: 'allocated', prefault: false });
    expect(delta(before)).toEqual({ [H]: { reserved: 4 } });
    execFileSync('fallocate', ['--length', String(4 * H), memfdPath('allocated')]);
    expect(delta(before)).toEqual({ [H]: { free: -4 } });
    // Pages that this process never touched count too: the file knows.
    expect(region.discard(0, 4 * H)).toMatchObject({ freedPages: 4, reservation: 'lost' });
    expect(delta(before)).toEqual({});
  });

  it('refuses parts of pages, and rounds inward when it is told', () => {
    using region = marked(HUGETLB);
    const before = allCounters();
    for (const [offset, length] of [[1, H], [BASE_PAGE, H], [0, BASE_PAGE], [H, H + BASE_PAGE], [H - 1, 1]] as const) {
      expect(errorOf(() => region.discard(offset, length))).toMatchObject({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
    }
    const nothing = { freedBytes: 0, freedPages: 0, reservation: 'kept' };
    expect(region.discard(1, H, { round: 'inward' })).toEqual({ offset: H, length: 0, ...nothing });
    expect(region.discard(H + 1, H - 2, { round: 'inward' })).toEqual({ offset: 2 * H, length: 0, ...nothing });
    expect(region.discard(4 * H, 0)).toEqual({ offset: 4 * H, length: 0, ...nothing });
    expect(delta(before)).toEqual({});
    expect(region.discard(1, 4 * H - 2, { round: 'inward' })).toEqual({ ...TWO_FREED, reservation: 'kept' });
    expect(marksOf(region)).toEqual([true, false, false, true]);
  });

  it('leaves views as they are', () => {
    using region = marked({ ...HUGETLB, source: 'memfd' });
    const view = region.view(Uint8Array);
    region.discard(H, H);
    expect(view.length).toBe(4 * H);
    expect([view[0], view[H], view[2 * H]]).toEqual([0x5a, 0, 0x5a]);
  });

  it('is refused where a seal forbids to write, and leaves everything as it was', () => {
    using region = marked({ ...HUGETLB, source: 'memfd', seals: ['future-write'] });
    const before = allCounters();
    const error = errorOf(() => region.discard(0, H));
    expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_SEALED', errno: -1, details: { seals: ['future-write'] } });
    expect(delta(before)).toEqual({});
    expect(marksOf(region)).toEqual([true, true, true, true]);
    expect(region.holes()).toEqual([]);
  });

  it('of a file takes the private copies of its pages as well', () => {
    // hugetlb_vmdelete_list() of the kernel unmaps every mapping of the range. Of other files a punched hole leaves private copies.
    const before = allCounters();
    using region = allocateSync({ size: H, backing: ['hugetlb'], source: 'memfd', shared: false, name: 'copied' });
    region.bytes()[0] = 1;
    execFileSync('fallocate', ['--punch-hole', '--length', String(H), memfdPath('copied')]);
    expect(region.bytes()[0]).toBe(0);
    expect(delta(before)).toEqual({ [H]: { free: -1 } });
  });
});

describe('discarding base pages', () => {
  it.each([
    ['private memory', {}],
    ['shared anonymous memory', { shared: true }],
    ['a memfd', { source: 'memfd' }],
    ['a System V segment', { source: 'sysv' }],
  ] as const)('of %s', (_, options) => {
    using region = allocateSync({ size: 16 * BASE_PAGE, backing: ['base'], ...options });
    region.bytes().fill(0x5a);
    const discarded = { offset: 3 * BASE_PAGE, length: 5 * BASE_PAGE };
    const result = region.discard(discarded.offset, discarded.length, { keepReservation: true });
    expect(result).toEqual({ ...discarded, freedBytes: 5 * BASE_PAGE, freedPages: 5, reservation: 'none' });
    expect(region.backing.presentBytes).toBe(11 * BASE_PAGE);
    expect(region.holes()).toEqual([]);
    const expected = Buffer.alloc(16 * BASE_PAGE, 0x5a).fill(0, discarded.offset, discarded.offset + discarded.length);
    expect(region.bytes().equals(expected)).toBe(true);
  });

  it('counts neither the page of zeros nor what only a file has', () => {
    using region = allocateSync({ size: 8 * BASE_PAGE, backing: ['base'], prefault: false });
    expect(region.bytes().every((byte) => byte === 0)).toBe(true); // maps the kernel's one page of zeros
    region.bytes()[0] = 1;
    expect(region.discard(0, 8 * BASE_PAGE)).toMatchObject({ freedBytes: BASE_PAGE });
    using copy = allocateSync({ size: 8 * BASE_PAGE, backing: ['base'], source: 'memfd', shared: false, prefault: false });
    expect(copy.bytes().every((byte) => byte === 0)).toBe(true);
    copy.bytes()[0] = 1;
    expect(copy.discard(0, 8 * BASE_PAGE)).toMatchObject({ freedBytes: BASE_PAGE });
  });

  it('is refused for locked memory, until it is unlocked', () => {
    using region = allocateSync({ size: 4 * BASE_PAGE, backing: ['base'] });
    region.lock(2 * BASE_PAGE, BASE_PAGE);
    const error = { code: 'ERR_HUGEPAGES_UNSUPPORTED', errno: -22, remedy: expect.stringContaining('region.unlock()') as string };
    expect(errorOf(() => region.discard(0, 4 * BASE_PAGE))).toMatchObject(error);
    expect(region.backing.presentBytes).toBe(4 * BASE_PAGE);
    region.unlock();
    expect(region.discard(0, 4 * BASE_PAGE)).toMatchObject({ freedPages: 4 });
  });
});

requires({ thp: true }).describe('discarding parts of transparent huge pages', () => {
  it.each([{}, { shared: true }] as const)('frees exactly these: %o', (options) => {
    using region = allocateSync({ size: 2 * H, backing: ['thp', 'base'], ...options });
    region.bytes().fill(0x5a);
    expect(region.discard(BASE_PAGE, 2 * BASE_PAGE)).toMatchObject({ freedBytes: 2 * BASE_PAGE, reservation: 'none' });
    expect(region.bytes().equals(Buffer.alloc(2 * H, 0x5a).fill(0, BASE_PAGE, 3 * BASE_PAGE))).toBe(true);
    expect(region.discard(4 * BASE_PAGE, H)).toMatchObject({ freedBytes: H });
  });
});
