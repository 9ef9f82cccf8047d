/** A region that only its owner holds is collected with it: what is remembered of the allocation must not hold the owner. */
import { expect, it } from 'vitest';
import { ADDON } from '../support/addon.js';
import { runChild } from '../support/child.js';

it.each(['text', 'prepare', 'throw'])('an object that owns a region, with stacks as: %s', async (stacks) => {
  const ended = await runChild(new URL('children/owner.mjs', import.meta.url), [ADDON, stacks], { nodeArgs: ['--expose-gc'] });
  expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null, json: true });
});
