/** Regions with holes that are resized and moved: who has the pages of the holes. Pool rows are total, free, reserved, surplus. */
import { expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import type { AllocateSyncOptions, Region } from '../../../lib/index.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { counters, withPool } from '../../support/pool.js';
import { moving, resizing } from '../../support/relocating.js';
import { requires } from '../../support/requirements.js';

const POOL = { pageSize: H, pages: 4 };

function row(): string {
  const { total, free, reserved, surplus } = counters(H);
  return [total, free, reserved, surplus].join('/');
}

/** All of its pages are there but those from 1 on, `pages` of them. */
function punched(pages: number, options: Partial<AllocateSyncOptions>): Region {
  const region = allocateSync({ size: 4 * H, backing: ['hugetlb'], ...options });
  region.bytes().fill(0x5a);
  region.discard(H, pages * H);
  return region;
}

function contents(region: Region): (number | undefined)[] {
  return Array.from({ length: region.byteLength / H }, (_, page) => region.bytes()[page * H]);
}

requires({ pool: POOL }).describe('a region with holes', () => {
  withPool(POOL);

  it('of a memfd has the reservation of those that are left again', () => {
    using region = punched(2, { source: 'memfd' });
    expect(row()).toBe('4/2/0/0');
    region.resize(2 * H);
    expect(row()).toBe('4/3/1/0');
    expect(region.holes()).toEqual([]);
    region.resize(4 * H);
    expect(row()).toBe('4/3/3/0');
    expect(contents(region)).toEqual([0x5a, 0, 0, 0]);
    expect(row()).toBe('4/0/0/0');
  });

  it('of a memfd that is moved has the reservation of all again', () => {
    using region = punched(2, { source: 'memfd' });
    region.move();
    expect(row()).toBe('4/2/2/0');
    expect(region.holes()).toEqual([]);
    expect(contents(region)).toEqual([0x5a, 0, 0, 0x5a]);
  });

  it('is as before where somebody else has their pages, and the error counts them', () => {
    using region = allocateSync({ size: 3 * H, backing: ['hugetlb'], source: 'memfd' });
    region.bytes().fill(0x5a);
    region.discard(H, 2 * H);
    using other = allocateSync({ size: 2 * H, backing: ['hugetlb'] });
    const { address } = region;
    const bytes = region.bytes();
    const NO_MEMORY = { code: 'ERR_HUGEPAGES_NO_MEMORY', syscall: 'mmap' };
    expect(moving(region)).toMatchObject({ ...NO_MEMORY, details: { neededPages: 2, pool: { free: 1 } } });
    const command = expect.stringContaining('echo 6 ') as string;
    expect(resizing(region, 4 * H)).toMatchObject({ ...NO_MEMORY, details: { neededPages: 3, command } });
    expect([region.address, region.byteLength, bytes.length]).toEqual([address, 3 * H, 3 * H]);
    expect(region.holes()).toEqual([{ offset: H, length: 2 * H }]);
    expect(row()).toBe('4/1/0/0');
    other.dispose();
    region.resize(4 * H);
    expect(row()).toBe('4/3/3/0');
  });

  it('of a memfd without a reservation keeps those that are left', () => {
    using region = punched(2, { source: 'memfd', reserve: false });
    region.resize(2 * H);
    expect(region.holes()).toEqual([{ offset: H, length: H }]);
    expect(row()).toBe('4/3/0/0');
    region.resize(4 * H);
    // What is new was never discarded.
    expect(region.holes()).toEqual([{ offset: H, length: H }]);
    expect(row()).toBe('4/3/0/0');
  });

  // A segment is never reserved again, and shared anonymous memory is moved with what it has.
  it.each([{ source: 'sysv' }, { shared: true }] as const)('of other shared memory keeps them when it is moved: %o', (options) => {
    using region = punched(2, options);
    region.move();
    expect(region.holes()).toEqual([{ offset: H, length: 2 * H }]);
    expect(row()).toBe('4/2/0/0');
    expect(contents(region)).toEqual([0x5a, 0, 0, 0x5a]);
    expect(region.holes()).toEqual([]);
  });

  it('of private memory has kept the reservation, and gives that of what is cut off back', () => {
    using region = punched(2, {});
    expect(row()).toBe('4/2/2/0');
    region.move();
    expect(row()).toBe('4/2/2/0');
    region.resize(2 * H);
    expect(row()).toBe('4/3/1/0');
    expect(contents(region)).toEqual([0x5a, 0]);
    expect(row()).toBe('4/2/0/0');
  });
});
