/** Acceptance case 17: what the kernel says of each page frame of a hugetlb region. */
import { expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import { basePages, frameFlags } from '../../support/page-frames.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const POOL = { pageSize: H, pages: 2 };
const FRAMES = H / BASE_PAGE;

requires({ root: true, pool: POOL }).describe('the frames of a hugetlb region', () => {
  withPool(POOL);

  it('are a compound head and its tails, all of them huge', () => {
    using region = allocateSync({ size: 2 * H, backing: ['hugetlb'] });
    for (const address of [region.address, region.address + BigInt(H)]) {
      const [first] = basePages(address, H);
      const [head, ...tails] = frameFlags(first?.frame ?? 0n, FRAMES);
      expect(head).toEqual({ head: true, tail: false, huge: true });
      expect(tails).toEqual(new Array(FRAMES - 1).fill({ head: false, tail: true, huge: true }));
    }
  });

  it('are contiguous within a page, and are those that residency() names', () => {
    using region = allocateSync({ size: 2 * H, backing: ['hugetlb'] });
    const pages = basePages(region.address, 2 * H);
    const first = pages[0]?.frame ?? 0n;
    expect(pages.slice(0, FRAMES).map(({ frame }) => frame)).toEqual(Array.from({ length: FRAMES }, (_, i) => first + BigInt(i)));

    const { runs, frames } = region.residency();
    expect(frames).toBe(true);
    for (const { offset, length, pfn } of runs) {
      const named = Array.from({ length: length / BASE_PAGE }, (_, i) => (pfn ?? 0n) + BigInt(i));
      expect(named).toEqual(pages.slice(offset / BASE_PAGE, (offset + length) / BASE_PAGE).map(({ frame }) => frame));
    }
  });
});
