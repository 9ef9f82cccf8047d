/** Rule 3: an ArrayBuffer over foreign memory has 4 GiB at most on Node 20, where asking V8 for more ends the process. */
import { constants } from 'node:buffer';
import { expect, it } from 'vitest';
import { runChild } from '../support/child.js';

const TOO_LARGE = {
  name: 'HugePagesError',
  code: 'ERR_HUGEPAGES_BUFFER_TOO_LARGE',
  message: expect.stringContaining('window') as string,
};

it('rule 3: beyond the limit of this Node.js buffer() throws, up to it there is a buffer', async () => {
  const { json, ...ended } = await runChild(new URL('children/large-buffer.mjs', import.meta.url));
  expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
  const { lengths, outcomes } = json as { lengths: number[]; outcomes: unknown[] };
  for (const [i, length] of lengths.entries()) {
    if (length <= constants.MAX_LENGTH) expect(outcomes[i]).toBe(length);
    else expect(outcomes[i]).toMatchObject(TOO_LARGE);
  }
});
