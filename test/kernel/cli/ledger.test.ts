/** hugepages ledger: in a process of its own, as a user runs it. */
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { mount } from '../../../lib/index.js';
import type { Leak, Leaks, Ledger } from '../../../lib/index.js';
import { runCli } from '../../support/cli.js';
import { withMountDirectory } from '../../support/mounts.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { NOBODY, requires } from '../../support/requirements.js';
import { segments } from '../../support/segments.js';
import { withArrangement } from '../inspect/arrangement.js';

const POOL = { pageSize: H, pages: 16 };
const SHIFT = String(Math.log2(H));
const SIZE = String(H);

function pagesOf(leak: Leak): number {
  return leak.kind === 'changes' ? 0 : 2 * leak.used + leak.reserved;
}

requires({ root: true, compiler: true, pool: POOL }).describe('hugepages ledger', () => {
  withPool(POOL);
  const directory = withMountDirectory();

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
        expect(await runCli(['ledger'])).toMatchObject({ code: 1, stdout: expect.stringContaining('not accounted for') as string });
      },
      ['unshare', '--ipc'],
    );
  });

  it('finds what was left behind, and commands that free it', async () => {
    const path = directory.path('m n');
    mount({ path });
    await withArrangement(async (arrange) => {
      const left = [`segment,${SHIFT},3,1,left`, `segment,${SHIFT},3,2,left orphan`];
      await arrange([...left, `segment,${SHIFT},2,1,attached`, `memfd,${SHIFT},2,1,open`]);
      execSync(`fallocate -l ${SIZE} '${path}/f'`);
      const { leaks, gaps } = JSON.parse((await runCli(['ledger', '--leaks', '--json'])).stdout) as Leaks;
      // Also from root a machine may hide processes.
      const certain = !gaps.some((gap) => /process/i.test(gap));
      expect([...leaks].sort((a, b) => pagesOf(b) - pagesOf(a))).toMatchObject([
        { kind: 'segment', pageSize: H, used: 2, reserved: 1, creatorEnded: true },
        { kind: 'segment', pageSize: H, used: 1, reserved: 2, creatorEnded: false, segment: { attachments: 0 } },
        { kind: 'file', pageSize: H, used: 1, reserved: 0, path: `${path}/f`, certain, ...(certain && { command: `rm '${path}/f'` }) },
      ]);
      for (const { command } of leaks) execSync(command ?? `rm '${path}/f'`);
      expect(existsSync(`${path}/f`)).toBe(false);
      expect(segments().filter(({ attached }) => attached === 0)).toEqual([]);
      expect((await runCli(['ledger', '--leaks'])).stdout).toMatch(/^Nothing was left behind\n/);
    });
  });
});

requires({ root: true, ordinaryUser: true, pool: POOL }).describe('hugepages ledger --leaks of an ordinary user', () => {
  withPool(POOL);
  const directory = withMountDirectory();

  it('does not call a file a leak for certain, which others may use unseen', async () => {
    const path = directory.path('m');
    mount({ path, mode: 0o755 });
    const file = await open(`${path}/f`, 'w');
    try {
      execSync(`fallocate -l ${SIZE} '${path}/f'`);
      const { leaks } = JSON.parse((await runCli(['ledger', '--leaks', '--json'], NOBODY)).stdout) as Leaks;
      expect(leaks).toEqual([{ kind: 'file', path: `${path}/f`, certain: false, pageSize: H, used: 1, reserved: 0 }]);
      const text = (await runCli(['ledger', '--leaks'], NOBODY)).stdout;
      expect(text).toMatch(/which no process that can be looked into maps or has open\n\nNot seen: /);
    } finally {
      await file.close();
    }
  });
});

describe('a wrong command line', () => {
  it.each([
    [['--pool', 'x'], '--pool must be a size'],
    [['--leaks', '--watch'], 'do not go together'],
    [['--interval', '1', '--watch'], '--interval must be'],
    [['4711'], 'Unexpected argument'],
  ])('%j', async (args, text) => {
    expect(await runCli(['ledger', ...args])).toMatchObject({ code: 2, stderr: expect.stringContaining(text) as string });
  });
});
