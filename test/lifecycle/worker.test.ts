/** Regions of worker threads: however a thread ends, the process goes on, and pages live exactly as long as somebody holds them. */
import { expect, it } from 'vitest';
import { runChild } from '../support/child.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { withPool } from '../support/pool.js';
import { requires } from '../support/requirements.js';

const POOL = { pageSize: H, pages: 8 };

// The programs check that pages are back while they still run, and withPool checks it once more.
async function run(name: string, ...args: unknown[]): Promise<unknown> {
  const { json, ...ended } = await runChild(new URL(`children/${name}.mjs`, import.meta.url), [...args, H]);
  expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
  return json;
}

requires({ pool: POOL }).describe('a worker thread', () => {
  withPool(POOL);

  it.each([
    ['natural', { code: 0 }],
    ['process.exit', { code: 7 }],
    ['uncaught throw', { code: 1, thrown: 'uncaught' }],
    ['terminate', { code: 1 }],
    ['terminate during a prefault', { code: 1 }],
  ])('that ends with live regions gives them up: %s', async (ending, outcome) => {
    expect(await run('worker-end', ending)).toEqual(outcome);
  });

  it('outlives the hold of the main thread', async () => {
    expect(await run('worker-share', 'worker')).toBe(0x11);
  });

  it.each(['main', 'main, terminate'])('is outlived by the hold of the main thread: %s', async (survivor) => {
    expect(await run('worker-share', survivor)).toBe(0x11);
  });

  it('is one of many that attach and dispose at the same time', async () => {
    const outcomes = (await run('worker-crowd')) as { attached: number; stale: number }[];
    expect(outcomes).toHaveLength(8);
    for (const { attached, stale } of outcomes) {
      expect(attached + stale).toBe(500);
      expect(attached).toBeGreaterThanOrEqual(125);
    }
  });
});
