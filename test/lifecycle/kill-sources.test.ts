/** Acceptance case 23 for all sources: killed at any moment, a process leaves no file, no segment and no page behind. */
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { mount } from '../../lib/index.js';
import { startChild } from '../support/child.js';
import { withMountDirectory } from '../support/mounts.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { allCounters, delta, withPool } from '../support/pool.js';
import { requires } from '../support/requirements.js';
import { segments } from '../support/segments.js';

const CHILD = new URL('children/source-churn.mjs', import.meta.url);
const SOURCES = ['anonymous', 'memfd', 'file', 'sysv'];
/** Of them at once, so that one starts while another is killed. */
const CROWD = 4;
const KILLS = Number(process.env['KILL_ROUNDS'] ?? 60);
const POOL = { pageSize: H, pages: 4 * CROWD };

requires({ pool: POOL }).describe('a process that is killed, of any source', () => {
  withPool(POOL);
  const directory = withMountDirectory();

  it(
    `leaves nothing behind, ${String(KILLS)} times`,
    async () => {
      mount({ path: directory.path('m') });
      const [before, listed] = [allCounters(), segments()];
      const killOne = async (round: number): Promise<void> => {
        const run = startChild(CHILD, [H, SOURCES[round % SOURCES.length], directory.path('m')]);
        await run.until('running');
        // One round of the program takes a millisecond or two: the moments are spread over several.
        await delay(Math.random() * 10);
        run.child.kill('SIGKILL');
        expect(await run.result).toMatchObject({ code: null, signal: 'SIGKILL', stderr: '' });
      };
      let next = 0;
      const crowd = Array.from({ length: CROWD }, async () => {
        while (next < KILLS) await killOne(next++);
      });
      await Promise.all(crowd);
      // What makes a segment outlives its parent by a moment.
      await vi.waitFor(() => {
        expect(delta(before)).toEqual({});
        expect(segments()).toEqual(listed);
      });
      expect(readdirSync(directory.path('m'))).toEqual([]);
    },
    1_000 * KILLS,
  );
});
