import { describe, expect, it } from 'vitest';
import { tick } from '../../../../lib/cli/watch/sample.js';
import type { Sample } from '../../../../lib/cli/watch/sample.js';
import { pools } from '../../../../lib/host/pools/pools.js';
import { TWO_NODES } from '../../host/fixtures.js';

const sample: Sample = { time: 1000, pools: pools(TWO_NODES).slice(0, 1), vmstat: { htlb_buddy_alloc_success: 7 } };

describe('tick', () => {
  it('is all counters and no change at first', () => {
    const none = { total: 0, used: 0, free: 0, surplus: 0 };
    const common = { pageSize: 2 ** 21, isDefault: true };
    expect(tick(sample)).toEqual({
      time: '1970-01-01T00:00:01.000Z',
      pools: [
        { ...common, pages: { total: 300, used: 180, free: 120, reserved: 20, surplus: 44 }, change: { ...none, reserved: 0 } },
        { ...common, node: 0, pages: { total: 200, used: 100, free: 100, surplus: 44 }, change: none },
        { ...common, node: 1, pages: { total: 100, used: 80, free: 20, surplus: 0 }, change: none },
      ],
      perSecond: {},
    });
  });

  it('never counts fewer than no page in use, when the pool grew while it was read', () => {
    const torn = { ...sample, pools: sample.pools.map((pool) => ({ ...pool, free: 301 })) };
    expect(tick(torn).pools[0]?.pages).toMatchObject({ total: 300, free: 301, used: 0 });
  });

  it('says what changed, and how often something happened in a second', () => {
    const [pool] = sample.pools;
    if (pool === undefined) throw new Error('the tree has pools');
    const [first, second] = pool.perNode;
    if (first === undefined || second === undefined) throw new Error('the tree has two nodes');
    const later: Sample = {
      time: 3000,
      pools: [{ ...pool, total: 302, free: 119, perNode: [first, { ...second, total: 102, free: 19 }] }],
      vmstat: { htlb_buddy_alloc_success: 10, htlb_buddy_alloc_fail: 4 },
    };
    const { pools: rows, perSecond } = tick(later, sample);
    expect(rows.map(({ change }) => change)).toEqual([
      { total: 2, used: 3, free: -1, reserved: 0, surplus: 0 },
      { total: 0, used: 0, free: 0, surplus: 0 },
      { total: 2, used: 3, free: -1, surplus: 0 },
    ]);
    // A counter that was not there before has no past.
    expect(perSecond).toEqual({ htlb_buddy_alloc_success: 1.5, htlb_buddy_alloc_fail: 0 });
  });

  it('takes a pool that was not there before as unchanged', () => {
    expect(tick({ ...sample, time: 2000 }, { ...sample, pools: [] }).pools[0]?.change).toMatchObject({ total: 0, used: 0 });
  });
});
