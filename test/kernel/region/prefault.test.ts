/** What prefault() populates, on how many threads, and what it leaves alone. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { allocate, allocateSync } from '../../../lib/index.js';
import { presentBytes } from '../../support/page-frames.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const CPUS = Number(execFileSync('nproc', { encoding: 'utf8' }));

describe('prefault', () => {
  it('populates all of a region, and again without harm to what it holds', async () => {
    using region = allocateSync({ size: 4 * H, backing: ['base'], prefault: false });
    expect(presentBytes(region)).toBe(0);
    await expect(region.prefault()).resolves.toMatchObject({ populatedBytes: 4 * H });
    expect(presentBytes(region)).toBe(4 * H);
    region.bytes().fill(0x5a);
    await expect(region.prefault()).resolves.toMatchObject({ populatedBytes: 4 * H });
    expect(region.bytes().equals(Buffer.alloc(4 * H, 0x5a))).toBe(true);
  });

  it('leaves alone what is written meanwhile', async () => {
    using region = allocateSync({ size: 64 * H, backing: ['base'], prefault: false });
    const done = region.prefault({ threads: 2 });
    const bytes = region.bytes();
    for (let offset = 0; offset < bytes.length; offset += BASE_PAGE) bytes[offset] = 0x5a;
    await done;
    let kept = 0;
    for (let offset = 0; offset < bytes.length; offset += BASE_PAGE) kept += bytes[offset] === 0x5a ? 1 : 0;
    expect(kept).toBe(bytes.length / BASE_PAGE);
  });

  it.each([
    { offset: 0, length: BASE_PAGE },
    { offset: 3 * BASE_PAGE, length: 5 * BASE_PAGE },
    { offset: 2 * H },
    { length: H },
    { offset: H, length: 0 },
    { offset: 4 * H },
  ])('populates the part it is told and no other: %o', async (range) => {
    using region = allocateSync({ size: 4 * H, backing: ['base'], prefault: false });
    const { offset = 0 } = range;
    const length = range.length ?? region.byteLength - offset;
    await expect(region.prefault(range)).resolves.toMatchObject({ populatedBytes: length });
    expect(presentBytes(region)).toBe(length);
    expect(presentBytes({ address: region.address + BigInt(offset), byteLength: length })).toBe(length);
  });

  it('runs on as many threads as it is told, as far as there are pages', async () => {
    for (const [threads, pages] of [
      [1, 64],
      [3, 64],
      [64, 64],
      [1024, 2],
    ] as const) {
      const size = pages * BASE_PAGE;
      using region = allocateSync({ size, backing: ['base'], prefault: false });
      await expect(region.prefault({ threads })).resolves.toMatchObject({ threads: Math.min(threads, pages), populatedBytes: size });
      expect(presentBytes(region)).toBe(size);
    }
  });

  it('runs on the CPUs of this process unless it is told', async () => {
    using region = await allocate({ size: CPUS * H, backing: ['base'] });
    await expect(region.ready).resolves.toMatchObject({ threads: CPUS, populatedBytes: CPUS * H });
  });

  it('takes threads at allocation, synchronously as well', async () => {
    using region = await allocate({ size: 4 * H, backing: ['base'], prefault: { threads: 3 } });
    await expect(region.ready).resolves.toMatchObject({ threads: 3 });
    using other = allocateSync({ size: 4 * H, backing: ['base'], prefault: { threads: 3 } });
    await expect(other.ready).resolves.toMatchObject({ threads: 3 });
    expect(presentBytes(other)).toBe(4 * H);
  });

  it('runs many times at once', async () => {
    using region = allocateSync({ size: 8 * H, backing: ['base'], prefault: false });
    const results = await Promise.all(Array.from({ length: 8 }, (_, i) => region.prefault({ offset: i * H, length: H, threads: 2 })));
    expect(results.map(({ populatedBytes }) => populatedBytes)).toEqual(new Array(8).fill(H));
    expect(presentBytes(region)).toBe(8 * H);
  });

  const POOL = { pageSize: H, pages: 8 };
  requires({ pool: POOL }).describe('on a hugetlb region', () => {
    withPool(POOL);

    it('takes exactly the pages of the part from the pool', async () => {
      const before = allCounters();
      using region = allocateSync({ size: 8 * H, backing: ['hugetlb'], prefault: false });
      await region.prefault({ offset: 2 * H, length: 3 * H, threads: 2 });
      expect(delta(before)).toEqual({ [H]: { free: -3, reserved: 5 } });
      await region.prefault();
      expect(delta(before)).toEqual({ [H]: { free: -8 } });
    });
  });
});
