/**
 * Rule 10: Electron forbids ArrayBuffers over foreign memory, and then there is a coded error and never a silent copy. There is no
 * Electron here: the dynamic linker makes Node-API answer what Electron's answers, so this shows what the addon and the library make
 * of that answer, not that Electron gives it.
 */
import { expect } from 'vitest';
import { runChild } from '../support/child.js';
import { withCompiled } from '../support/compiler.js';
import { requires } from '../support/requirements.js';

const SOURCE = new URL('no-external-buffers.c', import.meta.url);
const CHILD = new URL('children/no-external-buffers.mjs', import.meta.url);
const REFUSED = {
  name: 'HugePagesError',
  code: 'ERR_HUGEPAGES_NO_EXTERNAL_BUFFERS',
  remedy: expect.stringContaining('Electron') as string,
};

requires({ compiler: true }).it('rule 10: a runtime that forbids external buffers', async () => {
  await withCompiled(SOURCE, ['-shared', '-fPIC'], async (library) => {
    const { json, ...ended } = await runChild(CHILD, [], { env: { ...process.env, LD_AUDIT: library } });
    expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
    expect(json).toEqual({ refusals: { buffer: REFUSED, bytes: REFUSED, view: REFUSED }, presentBytes: 2 * 2 ** 20 });
  });
});
