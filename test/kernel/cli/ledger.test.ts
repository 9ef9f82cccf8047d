/** hugepages ledger: in a process of its own, as a user runs it. */
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../lib/index.js';
import { CLI, runCli, startCli } from '../../support/cli.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { withArrangement } from '../inspect/arrangement.js';

const POOL = { pageSize: H, pages: 16 };
const SHIFT = String(Math.log2(H));
const SIZE = String(H);

requires({ root: true, compiler: true, pool: POOL, program: 'setpriv' }).describe('hugepages ledger', () => {
  withPool(POOL);

  it('names the holders, as text and as JSON', async () => {
    await withArrangement(async (arrange) => {
      const [pid] = await arrange([`private,${SHIFT},3,2`]);
      const text = await runCli(['ledger', '--pool', SIZE]);
      expect(text).toMatchObject({ code: 0, stderr: '' });
      expect(text.stdout).toMatch(new RegExp(`^ +1 +private memory +2 +1 +4MiB +${String(pid)} compiled$`, 'm'));
      const json = JSON.parse((await runCli(['ledger', '--pool', SIZE, '--json'])).stdout) as Ledger;
      const holders = [{ pid, command: 'compiled', uses: ['mapped'] }];
      expect(json.pools).toMatchObject([{ pageSize: H, used: 2, reserved: 1, rows: [{ kind: 'private', used: 2, reserved: 1, holders }] }]);
    });
  });

  it('looks again and again', async () => {
    const { code, stdout } = await runCli(['ledger', '--watch', '--count', '2', '--interval', '10', '--json', '--pool', SIZE]);
    expect(code).toBe(0);
    const looks = stdout.trimEnd().split('\n');
    expect(looks.map((line) => (JSON.parse(line) as Ledger).pools[0]?.used)).toEqual([0, 0]);
  });

  it('ends with 1 when pages are left over', async () => {
    await withArrangement(
      async (arrange) => {
        await arrange([`segment,${SHIFT},2,1,left`]);
        // Without CAP_SYS_ADMIN it may not enter the other IPC namespace.
        const command = ['setpriv', '--bounding-set', '-sys_admin', process.execPath, CLI];
        const { code, stdout } = await startCli(['ledger'], { command }).result;
        expect(code).toBe(1);
        expect(stdout).toMatch(/ left over +1 +1 +2MiB$[^]*not accounted for$/m);
        expect(stdout).toMatch(/nobody has attached, in 1 IPC namespace that may not be entered$/m);
      },
      ['unshare', '--ipc'],
    );
  });
});

describe('a wrong command line', () => {
  it.each([
    [['--pool', 'x'], '--pool must be a size'],
    [['--leaks', '--watch'], 'do not go together'],
    [['--interval', '1', '--watch'], '--interval must be'],
    [['4711'], 'Unexpected argument'],
    [['--root', 'test/fixtures/four-nodes'], 'a ledger is of the running kernel'],
  ])('%j', async (args, text) => {
    expect(await runCli(['ledger', ...args])).toMatchObject({ code: 2, stderr: expect.stringContaining(text) as string });
  });
});
