/** While a worker is terminated no JavaScript runs and nothing can be thrown, also not by a call that is under way in the addon. */
import { expect, it } from 'vitest';
import { runChild } from '../support/child.js';

it.each(['populating', 'progress', 'measuring', 'forking'])('a worker terminated in the middle of: %s', async (call) => {
  const ended = await runChild(new URL('children/terminate.mjs', import.meta.url), [call]);
  expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null, json: 'alive' });
});
