/** What is left of a region after dispose(). */
import { describe, expect, it } from 'vitest';
import { allocate, allocateSync } from '../../../lib/index.js';
import type { Region } from '../../../lib/index.js';
import { mappingsOf } from '../../support/kernel-text.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';

const DISPOSED = { name: 'HugePagesError', code: 'ERR_HUGEPAGES_DISPOSED' };

const USES: [string, (region: Region) => unknown][] = [
  ['backing', (region) => region.backing],
  ['buffer', (region) => region.buffer()],
  ['sharedBuffer', (region) => region.sharedBuffer()],
  ['bytes', (region) => region.bytes()],
  ['view', (region) => region.view(Uint8Array)],
  ['protect', (region) => { region.protect('read'); }],
  ['advise', (region) => { region.advise('normal'); }],
  ['lock', (region) => { region.lock(); }],
  ['unlock', (region) => { region.unlock(); }],
  ['residency', (region) => region.residency()],
  ['share', (region) => region.share()],
];

describe('a disposed region', () => {
  it('keeps the facts that never change', async () => {
    const region = await allocate({ size: H, backing: ['base'] });
    const facts = (): unknown[] => [region.id, region.byteLength, region.pageSize, region.address, region.shared, region.attempts];
    const before = facts();
    expect(region.disposed).toBe(false);
    region.dispose();
    expect(region.disposed).toBe(true);
    expect(facts()).toEqual(before);
    await expect(region.ready).resolves.toMatchObject({ populatedBytes: H });
  });

  it.each(USES)('refuses %s', (_, use) => {
    const region = allocateSync({ size: H, backing: ['base'] });
    region.dispose();
    expect(errorOf(() => use(region))).toMatchObject(DISPOSED);
  });

  it('refuses prefault by rejecting', async () => {
    const region = allocateSync({ size: H, backing: ['base'] });
    region.dispose();
    expect(await rejectionOf(region.prefault())).toMatchObject(DISPOSED);
  });

  it('may be disposed again, in every way', () => {
    const region = allocateSync({ size: H, backing: ['base'] });
    {
      using same = region;
      same.dispose();
    }
    region.dispose();
    region[Symbol.dispose]();
    expect(region.disposed).toBe(true);
  });

  it('is no mapping any more, when no view of it was made', () => {
    const region = allocateSync({ size: H, backing: ['base'], addressHint: 0x3000_0000_0000n });
    expect(mappingsOf(region.address, H)).toHaveLength(1);
    region.dispose();
    expect(mappingsOf(region.address, H)).toEqual([]);
  });

  const POOL = { pageSize: H, pages: 8 };
  requires({ pool: POOL }).describe('on hugetlb pages', () => {
    withPool(POOL);

    it('gave its pages back at once, whatever views there are', () => {
      const before = allCounters();
      const region = allocateSync({ size: 8 * H, backing: ['hugetlb'] });
      const views = [region.buffer(), region.buffer(H, H), region.bytes(), region.view(Float64Array, 8)];
      region.bytes().fill(1);
      region.dispose();
      expect(delta(before)).toEqual({});
      expect(views.map((view) => view.byteLength)).toEqual([0, 0, 0, 0]);
    });

    it('makes room for the next one in the same turn', () => {
      for (let i = 0; i < 200; i++) {
        using region = allocateSync({ size: 8 * H, backing: ['hugetlb'], prefault: false });
        region.bytes()[i] = 1;
      }
    });
  });
});
