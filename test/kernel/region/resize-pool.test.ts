/** Acceptance case 18 on hugetlb pages: memfds and files grow and shrink with their content, and every page is accounted for. */
import { closeSync, ftruncateSync, openSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allocateSync, mount } from '../../../lib/index.js';
import type { AllocateSyncOptions, Region } from '../../../lib/index.js';
import { withMountDirectory } from '../../support/mounts.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf } from '../../support/thrown.js';

const POOL = { pageSize: H, pages: 8 };

function resizing(region: Region, pages: number): unknown {
  return errorOf(() => {
    region.resize(pages * H);
  });
}

/** The first byte of each page. */
function marks(region: Region): number[] {
  return Array.from({ length: region.byteLength / H }, (_, page) => region.bytes()[page * H] ?? -1);
}

function mark(region: Region): void {
  for (let page = 0; page < region.byteLength / H; page++) region.bytes()[page * H] = page + 1;
}

requires({ root: true, pool: POOL }).describe('the size of a region on hugetlb pages', () => {
  withPool(POOL);
  const directory = withMountDirectory();

  function files(): AllocateSyncOptions[] {
    mount({ path: directory.path('huge'), pageSize: H });
    const common = { size: 2 * H, backing: ['hugetlb'] } as const;
    const path = directory.path('huge');
    return [
      { ...common, source: 'memfd' },
      { ...common, source: 'file', path },
      { ...common, source: 'file', path: `${path}/named`, persistent: true },
    ];
  }

  it('grows by reserving, and shrinks by giving back', async () => {
    for (const options of files()) {
      const before = allCounters();
      using region = allocateSync(options);
      mark(region);
      expect(delta(before)).toEqual({ [H]: { free: -2 } });
      region.resize(5 * H);
      expect(delta(before)).toEqual({ [H]: { free: -2, reserved: 3 } });
      expect(marks(region).slice(0, 2)).toEqual([1, 2]);
      await region.prefault();
      expect(delta(before)).toEqual({ [H]: { free: -5 } });
      mark(region);
      region.resize(3 * H);
      expect(delta(before)).toEqual({ [H]: { free: -3 } });
      expect(marks(region)).toEqual([1, 2, 3]);
      if (region.path !== undefined) expect(statSync(region.path).size).toBe(3 * H);
    }
  });

  it('is as before when the pool has too few pages', () => {
    for (const options of files()) {
      using region = allocateSync(options);
      mark(region);
      const bytes = region.bytes();
      const before = allCounters();
      expect(resizing(region, 9)).toMatchObject({
        code: 'ERR_HUGEPAGES_NO_MEMORY',
        syscall: 'mmap',
        details: { neededPages: 7, pool: { free: 6 } },
        remedy: expect.stringMatching(/./) as string,
      });
      expect(delta(before)).toEqual({});
      expect([region.byteLength, bytes.length]).toEqual([2 * H, 2 * H]);
      if (region.path !== undefined) expect(statSync(region.path).size).toBe(2 * H);
      region.resize(8 * H);
      expect(marks(region).slice(0, 2)).toEqual([1, 2]);
    }
  });

  it('follows another process that has resized the file, and refuses a third size', () => {
    const [, , options] = files();
    if (options?.path === undefined) throw new Error('no file');
    using region = allocateSync(options);
    mark(region);
    const descriptor = openSync(options.path, 'r+');
    try {
      ftruncateSync(descriptor, 4 * H);
      for (const pages of [1, 3, 6]) {
        const remedy = expect.stringContaining('resize()') as string;
        expect(resizing(region, pages)).toMatchObject({ code: 'ERR_HUGEPAGES_MISMATCH', remedy });
      }
      expect(statSync(options.path).size).toBe(4 * H);
      region.resize(4 * H);
      ftruncateSync(descriptor, H);
      expect(resizing(region, 2)).toMatchObject({ code: 'ERR_HUGEPAGES_MISMATCH' });
      region.resize(H);
      expect(marks(region)).toEqual([1]);
    } finally {
      closeSync(descriptor);
    }
  });

  it('is adopted by who takes a persistent file', () => {
    const [, , options] = files();
    if (options === undefined) throw new Error('no file');
    const region = allocateSync(options);
    mark(region);
    region.resize(3 * H);
    region.dispose();
    expect(errorOf(() => allocateSync({ ...options, existing: 'adopt' }))).toMatchObject({ code: 'ERR_HUGEPAGES_MISMATCH' });
    using again = allocateSync({ ...options, size: 3 * H, existing: 'adopt' });
    expect(marks(again)).toEqual([1, 2, 0]);
  });

  it('of anonymous memory shrinks, and does not grow', () => {
    using region = allocateSync({ size: 4 * H, backing: ['hugetlb'], prefault: false });
    const before = allCounters();
    region.bytes(0, 1).fill(1);
    region.bytes(H, 1).fill(2);
    const bytes = region.bytes();
    const refused = { code: 'ERR_HUGEPAGES_UNSUPPORTED', remedy: expect.stringContaining("source: 'memfd'") as string };
    expect(resizing(region, 5)).toMatchObject(refused);
    expect(bytes.length).toBe(4 * H);
    expect(delta(before)).toEqual({ [H]: { free: -2, reserved: -2 } });
    region.resize(3 * H);
    expect(bytes.length).toBe(0);
    // Where the reservation of what is cut off is not given back, Linux 6.18 keeps it until the machine restarts.
    expect(delta(before)).toEqual({ [H]: { free: -2, reserved: -3 } });
    expect(marks(region)).toEqual([1, 2, 0]);
    expect(delta(before)).toEqual({ [H]: { free: -3, reserved: -4 } });
    region.resize(H);
    expect(delta(before)).toEqual({ [H]: { free: -1, reserved: -4 } });
    expect(marks(region)).toEqual([1]);
  });
});
