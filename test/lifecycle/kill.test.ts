/** Acceptance case 23: killed at any moment of allocate, prefault, share and dispose, a process leaves nothing behind. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startChild } from '../support/child.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { allCounters, delta, withPool } from '../support/pool.js';
import { requires } from '../support/requirements.js';

const CHILD = new URL('children/churn.mjs', import.meta.url);
const POOL = { pageSize: H, pages: 16 };
const KILLS = 20;

requires({ pool: POOL }).describe('a process that is killed', () => {
  withPool(POOL);

  it(`leaves no page behind, ${String(KILLS)} times`, async () => {
    const before = allCounters();
    for (let i = 0; i < KILLS; i++) {
      const run = startChild(CHILD, [H]);
      await run.until('running');
      // One round of the program takes a few milliseconds: the moments are spread over it.
      await delay(Math.random() * 20);
      run.child.kill('SIGKILL');
      expect(await run.result).toMatchObject({ code: null, signal: 'SIGKILL', stderr: '' });
      expect(delta(before)).toEqual({});
    }
  });
});
