/**
 * Rule 8: finalizers run from a later tick only. A loop that disposes nothing runs out of pages, and is told why; after a collection
 * the same allocation works.
 */
import { expect, it } from 'vitest';
import { HugePagesError, allocateSync } from '../../lib/index.js';
import { collectUntil } from '../support/gc.mjs';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { counters, withPool } from '../support/pool.js';
import { requires } from '../support/requirements.js';
import { errorOf } from '../support/thrown.js';

const PAGES = 16;
const POOL = { pageSize: H, pages: PAGES };
const ONE = { size: H, pageSize: H, backing: ['hugetlb'], prefault: false } as const;

requires({ pool: POOL }).describe('rule 8: a loop that disposes nothing', () => {
  withPool(POOL);

  it('ends in an error that names the undisposed regions', async () => {
    let made = 0;
    const error = errorOf(() => {
      for (; made <= PAGES; made++) allocateSync(ONE);
    });
    expect(made).toBe(PAGES);
    expect(error).toBeInstanceOf(HugePagesError);
    expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MEMORY', details: { undisposed: { regions: PAGES, bytes: PAGES * H } } });
    expect((error as Error).message).toMatch(/16 undisposed regions of 32MiB/);
    // Not even a collection helps within the turn.
    globalThis.gc?.();
    expect(errorOf(() => allocateSync(ONE))).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MEMORY' });
    expect(await collectUntil(() => counters(H).reserved === 0)).toBe(true);
    allocateSync({ ...ONE, size: PAGES * H }).dispose();
  });
});
