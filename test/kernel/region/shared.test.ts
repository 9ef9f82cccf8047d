/** `shared`: MAP_SHARED or MAP_PRIVATE, as the kernel sees it. */
import { expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import type { BackingKind } from '../../../lib/index.js';
import { mappingsOf } from '../../support/kernel-text.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

function check(backing: BackingKind): void {
  for (const shared of [undefined, false, true]) {
    using region = allocateSync({ size: 2 * H, backing: [backing], ...(shared === undefined ? {} : { shared }) });
    const [mapping, ...others] = mappingsOf(region.address, region.byteLength);
    expect(mapping?.permissions).toBe(shared === true ? 'rw-s' : 'rw-p');
    expect(others).toEqual([]);
    region.bytes().fill(0x5a);
    expect(region.bytes().equals(Buffer.alloc(2 * H, 0x5a))).toBe(true);
    expect(region.backing).toMatchObject({ presentBytes: 2 * H });
  }
}

it('regions on base pages are private unless they are asked to be shared', () => {
  check('base');
});

requires({ thp: true }).it('regions on transparent huge pages are private unless they are asked to be shared', () => {
  check('thp');
});

const POOL = { pageSize: H, pages: 2 };
requires({ pool: POOL }).describe('hugetlb', () => {
  withPool(POOL);

  it('regions are private unless they are asked to be shared', () => {
    const before = allCounters();
    check('hugetlb');
    expect(delta(before)).toEqual({});
  });
});
