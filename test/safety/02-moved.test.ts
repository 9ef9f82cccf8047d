/** Rule 2 beyond its own thread: ArrayBuffers whose memory is elsewhere, or must stay where it is, when the region goes. */
import { expect, it } from 'vitest';
import { runChild } from '../support/child.js';

const child = (name: string): URL => new URL(`children/${name}.mjs`, import.meta.url);

it('a buffer that is marked as untransferable reads zeros after dispose', async () => {
  const ended = await runChild(child('untransferable'), [], { nodeArgs: ['--expose-gc'] });
  expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null, json: { disposed: true, reads: 0 } });
});

if ('transfer' in ArrayBuffer.prototype) {
  it.each(['disposed', 'held'])('memory that moved to another thread outlives the worker of its region, %s', async (how) => {
    const ended = await runChild(child('moved'), [how]);
    const json = { first: 0, last: 0, length: 64 * 2 ** 20 };
    expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null, json });
    if (how === 'held') expect(ended.json).toMatchObject({ returned: true });
  });
} else {
  it.skip(`memory that moved to another thread [skipped: Node.js ${process.version} has no ArrayBuffer.prototype.transfer]`);
}
