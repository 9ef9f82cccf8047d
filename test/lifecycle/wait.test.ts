/** Waits on words of regions while the thread or the process that waits ends: nothing crashes, hangs, or stays behind. */
import { expect, it } from 'vitest';
import { runChild } from '../support/child.js';

const CHILD = new URL('children/waiters.mjs', import.meta.url);

it.each([
  ['process.exit', { code: 7, signal: null }],
  ['uncaught throw', { code: 1, signal: null }],
  ['SIGTERM', { code: null, signal: 'SIGTERM' }],
  ['natural', { code: 0, signal: null }],
])('a process that ends with waits under way: %s', async (ending, expected) => {
  expect(await runChild(CHILD, [ending])).toMatchObject(expected);
});

it.each(['wait', 'waitSync', 'dispose', 'exit'])('workers that are terminated while they wait: %s', async (how) => {
  const ended = await runChild(CHILD, ['workers', how]);
  expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null, json: { regions: 1 } });
});
