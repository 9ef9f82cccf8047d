/**
 * Rule 4: transferring an external ArrayBuffer copies it on Node 20 and is refused from Node 22 on. Neither takes the region from its
 * owner; sharing goes through tokens.
 */
import { expect, it } from 'vitest';
import { runChild } from '../support/child.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { withPool } from '../support/pool.js';
import { requires } from '../support/requirements.js';

const CHILD = new URL('children/post.mjs', import.meta.url);
const POOL = { pageSize: H, pages: 1 };

requires({ pool: POOL }).describe('rule 4: a transfer list', () => {
  withPool(POOL);

  it('does not move the region, a token shares it', async () => {
    const ended = await runChild(CHILD, [H], { nodeArgs: ['--expose-gc'] });
    expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
    expect(ended.json).toMatchObject({ afterTransfer: [0x5a, true], afterToken: 0x22, back: [1, 1, 1] });
    const { refused } = ended.json as { refused?: string };
    expect([undefined, 'DataCloneError']).toContain(refused);
  });
});
