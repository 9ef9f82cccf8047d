/**
 * Rule 2: dispose() detaches, gives the pages back, and leaves zeroed memory at the addresses for as long as anything may still reach
 * them. With a plain munmap(2) these programs are killed by SIGSEGV, and
 * the read fails with EFAULT.
 */
import { expect, it } from 'vitest';
import { runChild } from '../support/child.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { withPool } from '../support/pool.js';
import { requires } from '../support/requirements.js';
import { HAS_SHARED_BUFFERS, NO_SHARED_BUFFERS } from '../support/shared-buffers.js';

const CHILD = new URL('children/escaped.mjs', import.meta.url);
const POOL = { pageSize: H, pages: 4 };

const HAS_TRANSFER = 'transfer' in ArrayBuffer.prototype;
const NO_TRANSFER = `[skipped: Node.js ${process.version} has no ArrayBuffer.prototype.transfer]`;

async function run(way: string, backing: string): Promise<unknown> {
  const { json, ...ended } = await runChild(CHILD, [way, backing, H], { nodeArgs: ['--expose-gc'] });
  expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
  return json;
}

requires({ pool: POOL }).describe('rule 2: a pointer that escaped', () => {
  withPool(POOL);

  for (const backing of ['hugetlb', 'base']) {
    for (const way of ['transfer', 'transfer, resized', 'shared buffer']) {
      const there = way === 'shared buffer' ? HAS_SHARED_BUFFERS : HAS_TRANSFER;
      const title = `in JavaScript reads zeros: ${way}, ${backing} pages`;
      if (there) it(title, async () => expect(await run(way, backing)).toEqual([0]));
      else it.skip(`${title} ${way === 'shared buffer' ? NO_SHARED_BUFFERS : NO_TRANSFER}`);
    }

    it(`in a system call under way is still an address: ${backing} pages`, async () => {
      expect(await run('pending read', backing)).toBe(4096);
    });
  }
});
