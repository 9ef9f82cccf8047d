/**
 * Rule 10: Electron forbids ArrayBuffers over foreign memory, and then there is a coded error and never a silent copy. There is no
 * Electron here: the dynamic linker makes Node-API answer what Electron's answers, so this shows what the addon and the library make
 * of that answer, not that Electron gives it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runChild } from '../support/child.js';
import { findProgram } from '../support/programs.js';

const SOURCE = fileURLToPath(new URL('no-external-buffers.c', import.meta.url));
const CHILD = new URL('children/no-external-buffers.mjs', import.meta.url);
const COMPILER = ['cc', 'gcc', 'clang'].map(findProgram).find((path) => path !== undefined);
const REFUSED = {
  name: 'HugePagesError',
  code: 'ERR_HUGEPAGES_NO_EXTERNAL_BUFFERS',
  remedy: expect.stringContaining('Electron') as string,
};
const TITLE = 'rule 10: a runtime that forbids external buffers';

if (COMPILER === undefined) {
  it.skip(`${TITLE} [skipped: no C compiler]`);
} else {
  it(TITLE, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'hugepages-test-'));
    try {
      const library = join(directory, 'no-external-buffers.so');
      const args = ['-shared', '-fPIC', '-Wall', '-Werror', '-o', library, SOURCE];
      const { status, stderr } = spawnSync(COMPILER, args, { encoding: 'utf8' });
      expect(status, stderr).toBe(0);
      const { json, ...ended } = await runChild(CHILD, [], { env: { ...process.env, LD_AUDIT: library } });
      expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
      expect(json).toEqual({ refusals: { buffer: REFUSED, bytes: REFUSED, view: REFUSED }, presentBytes: 2 * 2 ** 20 });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
}
