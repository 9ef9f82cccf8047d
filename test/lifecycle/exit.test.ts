/** However a process ends that holds regions, it ends as it would without them, and their pages are back. */
import { expect, it } from 'vitest';
import { runChild } from '../support/child.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { withPool } from '../support/pool.js';
import { requires } from '../support/requirements.js';

const CHILD = new URL('children/exit.mjs', import.meta.url);
const POOL = { pageSize: H, pages: 8 };

// withPool checks after each test that all pages are back.
requires({ pool: POOL }).describe('a process that ends with live regions', () => {
  withPool(POOL);

  it.each([
    ['natural', 0, null],
    ['process.exit', 7, null],
    ['uncaught throw', 1, null],
    ['unhandled rejection', 1, null],
    ['dispose in an exit handler', 0, null],
    ['SIGTERM', null, 'SIGTERM'],
    ['abort', null, 'SIGABRT'],
  ])('%s: exit code %s, signal %s', async (ending, code, signal) => {
    const { json, ...ended } = await runChild(CHILD, [ending, H]);
    expect(ended, ended.stderr).toMatchObject({ code, signal });
    expect(json).toMatchObject({ total: 8, free: 4, reserved: 2 });
  });
});
