/**
 * Acceptance case 8, as far as a Node program can show it: who has a region after fork(2). Node cannot fork itself, so what parent
 * and child read after copy-on-write is shown by the tests of the C++ core.
 */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import type { AllocateSyncOptions } from '../../../lib/index.js';
import { mappingsOf } from '../../support/kernel-text.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

// The kernel shows MADV_DONTFORK as the flag `dc`.
function isExcluded(options: AllocateSyncOptions): boolean {
  using region = allocateSync(options);
  const flags = mappingsOf(region.address, region.byteLength).map((mapping) => mapping.flags.includes('dc'));
  expect(new Set(flags).size).toBe(1);
  return flags[0] === true;
}

const POOL = { pageSize: H, pages: 4 };
const MATRIX = [
  { shared: false, excluded: true },
  { shared: false, onFork: 'exclude', excluded: true },
  { shared: false, onFork: 'inherit', excluded: false },
  { shared: true, excluded: false },
  { shared: true, onFork: 'exclude', excluded: true },
  { shared: true, onFork: 'inherit', excluded: false },
] as const;

it.each(MATRIX)('base pages are kept from children: %o', ({ excluded, ...options }) => {
  expect(isExcluded({ size: H, backing: ['base'], ...options })).toBe(excluded);
});

requires({ thp: true }).it('transparent huge pages are kept from children unless they are shared or inherited', () => {
  for (const onFork of ['exclude', 'inherit'] as const) {
    expect(isExcluded({ size: H, backing: ['thp'], onFork })).toBe(onFork === 'exclude');
  }
});

requires({ pool: POOL }).describe('a hugetlb region and fork', () => {
  withPool(POOL);

  it.each(MATRIX)('is kept from children: %o', ({ excluded, ...options }) => {
    expect(isExcluded({ size: H, backing: ['hugetlb'], ...options })).toBe(excluded);
  });

  it.each(['exclude', 'inherit'] as const)('costs no page of an empty pool when this process starts another: onFork %s', (onFork) => {
    using region = allocateSync({ size: 4 * H, backing: ['hugetlb'], onFork });
    const before = allCounters();
    const data = Buffer.alloc(4 * H, 0x5a);
    region.bytes().set(data);
    expect(spawnSync('true').status).toBe(0);
    // A page that was shared with a child needs a copy when it is written, which is SIGBUS here: the pool is empty.
    region.bytes().fill(0x5b);
    expect(region.bytes().equals(Buffer.alloc(4 * H, 0x5b))).toBe(true);
    expect(delta(before)).toEqual({});
  });
});
