/** The addon in a worker thread only: Node.js closes it when the thread ends, and the process goes on. */
import { expect, it } from 'vitest';
import { runChild } from '../support/child.js';
import { HAS_SHARED_BUFFERS, NO_SHARED_BUFFERS } from '../support/shared-buffers.js';

const CHILD = new URL('children/worker-only.mjs', import.meta.url);

async function expectSurvival(leftover: string): Promise<void> {
  const ended = await runChild(CHILD, [leftover], { nodeArgs: ['--expose-gc'] });
  expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null, json: { mapped: true } });
}

it.each(['nothing', 'prefault'])('left behind: %s', async (leftover) => {
  await expectSurvival(leftover);
});

if (HAS_SHARED_BUFFERS) {
  it('left behind: a SharedArrayBuffer', () => expectSurvival('shared buffer'));
} else {
  it.skip(`left behind: a SharedArrayBuffer ${NO_SHARED_BUFFERS}`);
}
