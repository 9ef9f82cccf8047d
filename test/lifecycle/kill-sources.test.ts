/** Acceptance case 23 for all sources: killed at any moment, a process leaves no file, no segment and no page behind. */
import { mkdirSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { mount } from '../../lib/index.js';
import { startChild } from '../support/child.js';
import { withMountDirectory } from '../support/mounts.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { allCounters, delta, withPool } from '../support/pool.js';
import { requires } from '../support/requirements.js';
import { segments } from '../support/segments.js';
import { SCENES, SCENE_PAGES, Survivor, optionsOf } from './kill-scenes.js';
import type { Scene } from './kill-scenes.js';

const CHILD = new URL('children/source-churn.mjs', import.meta.url);
/** Of them at once, so that one starts while another is killed. */
const CROWD = 4;
const KILLS = Number(process.env['KILL_ROUNDS'] ?? 3 * SCENES.length);
const POOL = { pageSize: H, pages: SCENE_PAGES * CROWD };

requires({ pool: POOL }).describe('a process that is killed, of any source', () => {
  withPool(POOL);
  const directory = withMountDirectory();

  async function killOne(scene: Scene, name: string): Promise<void> {
    const options = optionsOf(scene, directory.path(scene.operation === 'persist' ? `m/${name}` : 'm'));
    const socketPath = directory.path(`t/${name}`);
    const survivor = new Survivor(scene.operation, options, socketPath);
    const task = { ...scene, options, socketPath, token: survivor.token() };
    const run = startChild(CHILD, [JSON.stringify(task)], { env: { ...process.env, TMPDIR: directory.path('t') } });
    await run.until('running');
    // One round of the program takes a millisecond or two: the moments are spread over several.
    await delay(Math.random() * 10);
    run.child.kill('SIGKILL');
    expect(await run.result).toMatchObject({ code: null, signal: 'SIGKILL', stderr: '' });
    await survivor.end();
  }

  it(
    `leaves nothing behind, ${String(KILLS)} times`,
    async () => {
      mount({ path: directory.path('m') });
      mkdirSync(directory.path('t'));
      const [before, listed] = [allCounters(), segments()];
      const rounds = Array.from({ length: Math.ceil(KILLS / SCENES.length) }).flatMap(() => SCENES);
      const left = rounds.slice(0, KILLS).entries();
      const crowd = Array.from({ length: CROWD }, async () => {
        for (const [round, scene] of left) await killOne(scene, String(round));
      });
      await Promise.all(crowd);
      // What makes a segment outlives its parent by a moment.
      await vi.waitFor(() => {
        expect(delta(before)).toEqual({});
        expect(segments()).toEqual(listed);
      });
      expect([readdirSync(directory.path('m')), readdirSync(directory.path('t'))]).toEqual([[], []]);
    },
    1_000 * KILLS,
  );
});
