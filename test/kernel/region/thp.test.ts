/** Transparent huge pages in each mode of the machine: the region says what page tables hold, not what was asked. */
import { describe, expect, it } from 'vitest';
import { allocate, allocateSync } from '../../../lib/index.js';
import { mappingsOf, smapsBytes } from '../../support/kernel-text.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { requires } from '../../support/requirements.js';
import { withThp } from '../../support/thp.js';
import { errorOf } from '../../support/thrown.js';

const SIZE = 4 * H;
const ALL_HUGE = { kind: 'thp', pageSize: H, presentBytes: SIZE, hugeBytes: SIZE };

describe.each(['always', 'madvise', 'never'])('transparent huge pages where they are set to %s', (enabled) => {
  requires({ thp: true, root: true }).describe('by root', () => {
    withThp({ enabled });

    // Even `never`: MADV_COLLAPSE does not ask that setting.
    it('hold all of a prefaulted region', async () => {
      for (const region of [await allocate({ size: SIZE, backing: ['thp'] }), allocateSync({ size: SIZE, backing: ['thp'] })]) {
        expect(region.backing).toEqual(ALL_HUGE);
        expect(region.attempts).toEqual([{ backing: 'thp', pageSize: H }]);
        expect(smapsBytes(region, 'AnonHugePages')).toBe(SIZE);
        expect(region.residency().runs.every((run) => run.pageSize === H)).toBe(true);
        region.dispose();
      }
    });

    it('come at a touch, unless they are off', () => {
      if (enabled === 'never') {
        const error = errorOf(() => allocateSync({ size: SIZE, backing: ['thp'], prefault: false }));
        expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_UNSUPPORTED', remedy: expect.stringContaining('enabled') as string });
        return;
      }
      using region = allocateSync({ size: SIZE, backing: ['thp'], prefault: false });
      expect(region.backing).toEqual({ kind: 'thp', pageSize: H, presentBytes: 0, hugeBytes: 0 });
      region.bytes()[H] = 1;
      expect(region.backing).toEqual({ kind: 'thp', pageSize: H, presentBytes: H, hugeBytes: H });
    });

    it('are kept from a region that asked for base pages', () => {
      using region = allocateSync({ size: SIZE, backing: ['base'] });
      expect(region.backing).toEqual({ kind: 'base', pageSize: BASE_PAGE, presentBytes: SIZE, hugeBytes: 0 });
      expect(smapsBytes(region, 'AnonHugePages')).toBe(0);
      expect(mappingsOf(region.address, SIZE).every(({ flags }) => flags.includes('nh'))).toBe(true);
    });

    it('keep the data that base pages held when they are made by collapsing', async () => {
      using region = allocateSync({ size: SIZE, backing: ['base'], alignment: H });
      const data = Buffer.from(Uint32Array.from({ length: SIZE / 4 }, (_, i) => i).buffer);
      region.bytes().set(data);
      region.advise('hugepage');
      region.advise('collapse');
      expect(region.backing).toEqual(ALL_HUGE);
      expect(region.bytes().equals(data)).toBe(true);
      await expect(region.prefault()).resolves.toMatchObject({ populatedBytes: SIZE });
      expect(region.bytes().equals(data)).toBe(true);
    });
  });
});

requires({ thp: true }).describe('where the kernel makes them', () => {
  it('a region lies on whole huge pages', () => {
    using region = allocateSync({ size: 1, backing: ['thp'] });
    expect(region.byteLength).toBe(H);
    expect(region.address % BigInt(H)).toBe(0n);
    expect(region.backing.kind).toBe('thp');
  });

  it('shared memory has them after a prefault, which collapses what the fault made of base pages', async () => {
    using region = await allocate({ size: SIZE, backing: ['thp'], shared: true });
    expect(region.backing).toEqual(ALL_HUGE);
    expect(smapsBytes(region, 'ShmemPmdMapped')).toBe(SIZE);
  });

  it('a region is what most of it is, and residency() tells the parts', () => {
    using region = allocateSync({ size: SIZE, backing: ['base'], alignment: H });
    region.advise('hugepage');
    region.advise('collapse', 0, H);
    expect(region.backing).toEqual({ kind: 'base', pageSize: BASE_PAGE, presentBytes: SIZE, hugeBytes: H });
    region.advise('collapse', H, 2 * H);
    expect(region.backing).toEqual({ kind: 'thp', pageSize: H, presentBytes: SIZE, hugeBytes: 3 * H });
    for (const { offset, length, pageSize } of region.residency().runs) {
      expect(pageSize).toBe(offset < 3 * H ? H : BASE_PAGE);
      expect(offset < 3 * H && offset + length > 3 * H).toBe(false);
    }
  });
});
