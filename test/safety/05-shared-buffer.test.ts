/** Rule 5: a SharedArrayBuffer may be finalized on any thread, without an environment; it cannot be detached. */
import { expect, it } from 'vitest';
import { runChild } from '../support/child.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { withPool } from '../support/pool.js';
import { requires } from '../support/requirements.js';
import { HAS_SHARED_BUFFERS, NO_SHARED_BUFFERS } from '../support/shared-buffers.js';

const CHILD = new URL('children/shared-buffer.mjs', import.meta.url);
const POOL = { pageSize: H, pages: 1 };
const TITLE = 'rule 5: a SharedArrayBuffer';

async function run(scenario: string): Promise<unknown> {
  const { json, ...ended } = await runChild(CHILD, [scenario, H], { nodeArgs: ['--expose-gc'] });
  expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
  return json;
}

if (HAS_SHARED_BUFFERS) {
  requires({ pool: POOL }).describe(TITLE, () => {
    withPool(POOL);

    it('keeps the pages when the thread that made it has ended, until it is collected', async () => {
      expect(await run('outlivesThread')).toBe(0x5a);
    });

    it('keeps the pages of a region that was collected', async () => {
      expect(await run('outlivesRegion')).toBe(0x5a);
    });

    it('is memory of its own after dispose()', async () => {
      expect(await run('outlivesDispose')).toEqual([7, 0]);
    });
  });
} else {
  it.skip(`${TITLE} ${NO_SHARED_BUFFERS}`);
}
