/** Regions with onExhaustion: 'degrade' that are resized: refused with degraded pages, and without any they survive as before. */
import { describe, expect, it } from 'vitest';
import { runChild } from '../../support/child.js';
import { BASE_PAGE as P, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const child = (name: string): URL => new URL(`children/survival/${name}.mjs`, import.meta.url);
const LIVES = { code: 0, signal: null, stderr: '' };
const REFUSED = 'ERR_HUGEPAGES_UNSUPPORTED';

async function expectFollowed(pageSize: number, backing: string): Promise<void> {
  const { json, ...ended } = await runChild(child('followed'), [pageSize, backing]);
  expect(ended).toMatchObject(LIVES);
  expect(json).toEqual([1, REFUSED, 0, 2, 1]);
}

const POOL = { pageSize: H, pages: 1 };
requires({ pool: POOL }).describe('a region of 3 pages on a pool of 1', () => {
  withPool(POOL);

  it.each([
    ['memfd', 4, [1, 2, 3]],
    ['memfd', 2, [1]],
    ['anonymous', 2, [1]],
  ])('%s: gets %d pages once what is degraded was discarded', async (source, pages, degradedAgain) => {
    const before = allCounters();
    const { json, ...ended } = await runChild(child('resized'), [H, pages, source]);
    expect(ended).toMatchObject(LIVES);
    expect(json).toEqual({
      refused: [REFUSED, REFUSED],
      kept: { marks: [1, 2, 3], degraded: 2, moved: false },
      discarded: 0,
      content: 1,
      marks: [1, 2, 3, 4].slice(0, pages),
      degraded: degradedAgain.length,
      // Those from before too, by which nobody had been told when it was resized.
      events: [1, 2, ...degradedAgain].map((page) => [page, 0]),
    });
    expect(delta(before)).toEqual({});
  });
});

describe('a region whose file somebody else has made shorter', () => {
  it('follows it once what is degraded was discarded', () => expectFollowed(P, 'base'));

  const THREE = { pageSize: H, pages: 3 };
  requires({ pool: THREE }).describe('on huge pages', () => {
    withPool(THREE);

    it('follows it too', () => expectFollowed(H, 'hugetlb'));
  });
});
