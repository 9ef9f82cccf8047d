/**
 * Acceptance case 25 at random: hostile arguments to every public function and every function of the addon. In programs of their own,
 * so that a crash is a failed assertion; they check that what comes out is a typed error and that nothing is left behind.
 */
import { expect, it } from 'vitest';
import { ADDON } from '../support/addon.js';
import { runChild } from '../support/child.js';
import { SEED } from './seed.js';

it.each([
  ['public', 5_000],
  ['native', 20_000],
])('%s functions: %d calls', async (program, calls) => {
  const url = new URL(`children/${program}.mjs`, import.meta.url);
  const { json, ...ended } = await runChild(url, [calls, SEED, ADDON], { nodeArgs: ['--expose-gc'] });
  expect(ended, `FUZZ_SEED=${String(SEED)}\n${ended.stderr}`).toMatchObject({ code: 0, signal: null });
  const { returned, threw } = json as { returned: number; threw: number };
  expect(returned + threw).toBe(calls);
  // Both happen often: the arguments are neither all wrong nor all right.
  expect(Math.min(returned, threw)).toBeGreaterThan(calls / 10);
});
