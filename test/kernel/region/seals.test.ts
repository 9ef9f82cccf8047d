/** Seals of a memfd: what they forbid, and what they leave. */
import { describe, expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import type { Region, Seal } from '../../../lib/index.js';
import { BASE_PAGE as P, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { moving, resizing } from '../../support/relocating.js';
import { requires } from '../../support/requirements.js';
import { errorOf } from '../../support/thrown.js';

const SEALED = 'ERR_HUGEPAGES_SEALED';

/** Besides `exec`, which memfds of this library have where the kernel knows it. */
function seals(region: Region): Seal[] {
  return region.seals.filter((seal) => seal !== 'exec');
}

const sealing = (region: Region, seal: Seal): unknown =>
  errorOf(() => {
    region.seal(seal);
  });

describe.each([
  ['base pages', P, { backing: ['base'] as const }],
  ['hugetlb pages', H, { backing: ['hugetlb'] as const }],
])('a memfd of %s', (_, page, backing) => {
  const { describe: block } = requires(page === P ? {} : { root: true, pool: { pageSize: H, pages: 4 } });
  const options = { size: 2 * page, source: 'memfd', ...backing } as const;

  block('that is sealed', () => {
    if (page === H) withPool({ pageSize: H, pages: 4 });

    it('says so', () => {
      using region = allocateSync(options);
      expect(seals(region)).toEqual([]);
      region.seal('shrink');
      region.seal('grow', 'shrink');
      region.seal();
      expect(seals(region)).toEqual(['shrink', 'grow']);
      using made = allocateSync({ ...options, seals: ['grow', 'seal'] });
      expect(seals(made)).toEqual(['seal', 'grow']);
    });

    it("against 'grow' does not grow, and shrinks", () => {
      using region = allocateSync({ ...options, seals: ['grow'] });
      const bytes = region.bytes().fill(3);
      const before = allCounters();
      const error = resizing(region, 3 * page);
      expect(error).toMatchObject({ code: SEALED, errno: -1, syscall: 'ftruncate', details: { seals: ['grow'] } });
      expect([region.byteLength, bytes.length]).toEqual([2 * page, 2 * page]);
      expect(delta(before)).toEqual({});
      region.resize(page);
      expect(region.bytes().every((byte) => byte === 3)).toBe(true);
      expect(resizing(region, 2 * page)).toMatchObject({ code: SEALED });
    });

    it("against 'shrink' does not shrink, and grows", () => {
      using region = allocateSync({ ...options, seals: ['shrink'] });
      const bytes = region.bytes();
      expect(resizing(region, page)).toMatchObject({ code: SEALED });
      expect(bytes.length).toBe(2 * page);
      region.resize(3 * page);
      expect(region.byteLength).toBe(3 * page);
    });

    it("against 'future-write' goes on writing where it is", async () => {
      using region = allocateSync({ ...options, prefault: false });
      region.seal('future-write');
      expect(await region.prefault()).toMatchObject({ populatedBytes: 2 * page });
      const bytes = region.bytes().fill(9);
      const before = allCounters();
      for (const refused of [moving(region), resizing(region, page), resizing(region, 3 * page)]) {
        expect(refused).toMatchObject({ code: SEALED, syscall: 'mmap' });
      }
      expect(delta(before)).toEqual({});
      expect(bytes.every((byte) => byte === 9)).toBe(true);
    });

    it("against 'write' is busy while it is mapped, and private otherwise", () => {
      using region = allocateSync(options);
      const error = sealing(region, 'write');
      expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_BUSY', errno: -16, remedy: expect.stringContaining('future-write') as string });
      expect(errorOf(() => allocateSync({ ...options, seals: ['write'] }))).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
      using own = allocateSync({ ...options, shared: false, seals: ['write'], prefault: false });
      expect(seals(own)).toEqual(['write']);
      own.bytes(0, 1).fill(1);
    });

    it("against 'seal' takes no more", () => {
      using region = allocateSync({ ...options, seals: ['seal'] });
      const error = sealing(region, 'grow');
      expect(error).toMatchObject({ code: SEALED, details: { seals: ['seal'] } });
      expect(seals(region)).toEqual(['seal']);
    });
  });
});

describe('what is no memfd', () => {
  it.each(['anonymous', 'sysv'] as const)('has no seals: %s', (source) => {
    using region = allocateSync({ size: P, backing: ['base'], source });
    expect(region.seals).toEqual([]);
    expect(sealing(region, 'grow')).toMatchObject({ code: 'ERR_HUGEPAGES_UNSUPPORTED' });
    expect(errorOf(() => allocateSync({ size: P, source, seals: [] }))).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  });
});
