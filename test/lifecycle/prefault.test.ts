/** A prefault that is under way when the process ends, is killed, disposes the region or aborts. */
import { expect, it } from 'vitest';
import { runChild, startChild } from '../support/child.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { withPool } from '../support/pool.js';
import { requires } from '../support/requirements.js';

const CHILD = new URL('children/prefault.mjs', import.meta.url);
const POOL = { pageSize: H, pages: 8 };

// withPool checks after each test that all pages are back.
requires({ pool: POOL }).describe('a prefault under way', () => {
  withPool(POOL);

  it.each([
    ['process.exit', 7],
    ['uncaught throw', 1],
  ])('ends with the process: %s', async (ending, code) => {
    const ended = await runChild(CHILD, [ending, H]);
    expect(ended, ended.stderr).toMatchObject({ code, signal: null });
  });

  it('keeps a process alive that has nothing else to do', async () => {
    const ended = await runChild(CHILD, ['natural', H]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null, json: [512 * 2 ** 20, 8 * H] });
  });

  it('ends with a process that is killed', async () => {
    const run = startChild(CHILD, ['wait to be killed', H]);
    await run.until('populating');
    run.child.kill('SIGKILL');
    expect(await run.result).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  it.each([
    ['dispose', 'ERR_HUGEPAGES_DISPOSED'],
    ['dispose twice', 'ERR_HUGEPAGES_DISPOSED'],
    ['abort', 'ABORT_ERR'],
    ['abort and dispose', 'ERR_HUGEPAGES_DISPOSED'],
  ])('is stopped: %s', async (how, code) => {
    const ended = await runChild(CHILD, [how, H]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null, json: [{ code }, { code }] });
  });
});
