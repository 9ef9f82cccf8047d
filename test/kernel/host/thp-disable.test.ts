/** Acceptance 22: a process from which prctl(2) took transparent huge pages is told so. */
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { limits } from '../../../lib/host/limits.js';
import { thp } from '../../../lib/host/thp.js';
import { CLI, startCli } from '../../support/cli.js';
import { withCompiled } from '../../support/compiler.js';
import { requires } from '../../support/requirements.js';

const SOURCE = new URL('thp-disable.c', import.meta.url);
const CHILD = fileURLToPath(new URL('children/thp-enabled.mjs', import.meta.url));

const TITLE = 'prctl(PR_SET_THP_DISABLE) is seen by thp(), limits(), explain() and hugepages status';

requires({ compiler: true, thp: true }).it(TITLE, async () => {
  await withCompiled(SOURCE, [], async (disable) => {
    const child = await startCli([], { command: [disable, process.execPath, CHILD] }).result;
    expect(child).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(child.stdout)).toEqual({
      thp: false,
      limits: false,
      reasons: ['thp-disabled'],
      refusal: {
        code: 'ERR_HUGEPAGES_UNSUPPORTED',
        remedy: expect.stringContaining('prctl(PR_SET_THP_DISABLE, 0)') as string,
        reasons: ['thp-disabled'],
      },
    });

    const status = await startCli(['status'], { command: [disable, process.execPath, CLI] }).result;
    expect(status.stdout).toContain('taken from this process by prctl(PR_SET_THP_DISABLE)');
  });
  // This process was not touched.
  expect([thp().processEnabled, limits().thpEnabled]).toEqual([true, true]);
});
