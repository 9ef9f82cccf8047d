/** `using`: a region is disposed where its block ends, however it ends. */
import { expect, it } from 'vitest';
import { Region, allocate, allocateSync } from '../../lib/index.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { allCounters, delta, withPool } from '../support/pool.js';
import { requires } from '../support/requirements.js';

const POOL = { pageSize: H, pages: 4 };
const ONE = { size: H, pageSize: H, backing: ['hugetlb'] } as const;

requires({ pool: POOL }).describe('using', () => {
  withPool(POOL);

  it('disposes at the end of the block', async () => {
    const before = allCounters();
    {
      using region = await allocate(ONE);
      expect(delta(before)).toEqual({ [H]: { free: -1 } });
      expect(region.disposed).toBe(false);
    }
    expect(delta(before)).toEqual({});
  });

  it('disposes when the block throws, and the error comes out', () => {
    const before = allCounters();
    const error = new Error('from the block');
    const escaped: Region[] = [];
    expect(() => {
      using region = allocateSync(ONE);
      escaped.push(region);
      throw error;
    }).toThrow(error);
    expect(escaped[0]?.disposed).toBe(true);
    expect(delta(before)).toEqual({});
  });

  it('disposes the earlier one when a later one cannot be had', () => {
    const before = allCounters();
    const both = (): void => {
      using first = allocateSync({ ...ONE, size: 3 * H });
      using second = allocateSync({ ...ONE, size: 2 * H });
      expect.unreachable(`${first.id} and ${second.id}`);
    };
    expect(both).toThrow(/2 pages needed/);
    expect(delta(before)).toEqual({});
  });

  it('disposes each of a loop before the next', () => {
    const before = allCounters();
    for (let i = 0; i < 100; i++) {
      using region = allocateSync({ ...ONE, size: 4 * H, prefault: false });
      expect(delta(before)).toEqual({ [H]: { reserved: 4 } });
      expect(region.byteLength).toBe(4 * H);
    }
    expect(delta(before)).toEqual({});
  });

  it('of an attached region gives up that hold only', () => {
    using region = allocateSync(ONE);
    region.bytes()[0] = 0x5a;
    {
      using attached = Region.attach(region.share());
      expect(attached.bytes()[0]).toBe(0x5a);
    }
    expect(region.bytes()[0]).toBe(0x5a);
  });

  it('does not mind a dispose before', () => {
    using region = allocateSync(ONE);
    region.dispose();
  });
});
