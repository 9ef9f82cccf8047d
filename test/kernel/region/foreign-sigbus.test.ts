/** SIGBUS that is not a surviving region's reaches whoever has it: another addon, Node.js, or nobody, and then the process ends. */
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { runChild } from '../../support/child.js';
import { withCompiled } from '../../support/compiler.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const SOURCE = new URL('foreign-sigbus.c', import.meta.url);
const CHILD = new URL('children/survival/foreign.mjs', import.meta.url);
const POOL = { pageSize: H, pages: 0 };
const HEADERS = (createRequire(import.meta.url)('node-api-headers') as { include_dir: string }).include_dir;

async function run(scenario: string): Promise<{ signal: string | null; json: unknown }> {
  let ended: Awaited<ReturnType<typeof runChild>> | undefined;
  await withCompiled(SOURCE, ['-shared', '-fPIC', '-isystem', HEADERS], async (addon) => {
    ended = await runChild(CHILD, [H, scenario, addon]);
  });
  if (ended === undefined) throw new Error('not run');
  expect(ended.stderr).toBe('');
  return { signal: ended.signal, json: ended.json };
}

requires({ pool: POOL, compiler: true }).describe('SIGBUS of others', () => {
  withPool(POOL);

  it.each(['without a handler', 'a handler from before, and a fault that is not its own'])('ends the process: %s', async (scenario) => {
    expect(await run(scenario)).toEqual({ signal: 'SIGBUS', json: undefined });
  });

  it('reaches the handler of an addon that was there before', async () => {
    expect(await run('a handler from before')).toEqual({ signal: null, json: [null, 1, true, 1] });
  });

  it('reaches the handler of an addon that came later, before and after the next region goes before it', async () => {
    expect(await run('a handler from later')).toEqual({ signal: null, json: [1, null, true, 1, true] });
  });

  it('that a later handler passes on is answered', async () => {
    expect(await run('a handler from later that passes on')).toEqual({ signal: null, json: [1, true] });
  });

  it('is an event of process, when it is sent and process listens', async () => {
    expect(await run('signalled')).toEqual({ signal: null, json: [1, 1, 1] });
  });
});

requires({ pool: POOL, compiler: true }).it('a WebAssembly trap is a RuntimeError, before and after a page is degraded', async () => {
  expect(await run('webassembly')).toEqual({ signal: null, json: ['RuntimeError', 1, 'RuntimeError'] });
});
