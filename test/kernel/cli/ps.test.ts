import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { PsReport } from '../../../lib/cli/ps/report.js';
import { makeCgroup } from '../../support/cgroup.js';
import { runCli } from '../../support/cli.js';
import { stop, withHolders } from '../../support/holders.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { NOBODY, requires } from '../../support/requirements.js';
import { startInTerminal } from '../../support/terminal.js';

const HOLDS = fileURLToPath(new URL('../inspect/children/holds.mjs', import.meta.url));
const POOL = { pageSize: H, pages: 6 };

function holds(pages: number): string[] {
  return [process.execPath, HOLDS, JSON.stringify({ allocate: [{ size: pages * H, backing: ['hugetlb'] }] })];
}

async function report(...args: readonly string[]): Promise<PsReport> {
  const { code, stdout, stderr } = await runCli(['ps', '--json', '--page-size', String(H), ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as PsReport;
}

requires({ pool: POOL }).describe('hugepages ps', () => {
  withPool(POOL);
  const holders = withHolders();

  it('lists who has pages of a pool, the largest first', async () => {
    const [small, large] = [await holders.start(holds(1)), await holders.start(holds(4))];
    const { processes = [] } = await report('--sort', 'hugetlb');
    expect(processes.map(({ pid, hugetlb }) => [pid, hugetlb[0]?.privateBytes])).toEqual([
      [large.pid, 4 * H],
      [small.pid, H],
    ]);
    const { stdout } = await runCli(['ps', String(small.pid)]);
    expect(stdout).toMatch(new RegExp(`^ +${String(small.pid)} +\\S+ .*holds\\.mjs`, 'm'));
  });

  it('is empty when nobody has any', async () => {
    expect(await report()).toMatchObject({ processes: [] });
  });
});

requires({ pool: POOL, cgroup: true }).describe('hugepages ps --cgroup', () => {
  withPool(POOL);
  const holders = withHolders();

  it('has the sums of a cgroup', async () => {
    const cgroup = makeCgroup();
    try {
      const [first, second] = [await holders.start([...cgroup.enter, ...holds(1)]), await holders.start([...cgroup.enter, ...holds(2)])];
      const outside = await holders.start(holds(1));
      const { groups = [] } = await report('--cgroup');
      const pids = [first.pid ?? 0, second.pid ?? 0].sort((a, b) => a - b);
      const [own, ...others] = groups;
      expect(own).toMatchObject({ pids, hugetlb: [{ pageSize: H, privateBytes: 3 * H, sharedBytes: 0 }] });
      expect(cgroup.directory.endsWith(own?.cgroup ?? '?')).toBe(true);
      expect(others.flatMap(({ pids: rest }) => rest)).toEqual([outside.pid]);
      const within = await report('--under', own?.cgroup ?? '');
      expect(within.processes?.map(({ pid }) => pid).sort((a, b) => a - b)).toEqual(pids);
      await Promise.all([first, second].map(stop));
    } finally {
      cgroup.remove();
    }
  });
});

requires({ ordinaryUser: true }).it('hugepages ps fails when a named process may not be looked into', async () => {
  const { code, stdout } = await runCli(['ps', String(process.pid)], { ...NOBODY, cwd: '/' });
  expect(code).toBe(1);
  expect(stdout).toContain(`May not be looked into: 1 (${String(process.pid)} `);
});

requires({ program: 'script' }).it('hugepages ps --watch gives the terminal back after ^C', async () => {
  const run = startInTerminal(['ps', '--watch', '--interval', '20', '--all']);
  await run.until('total  command');
  run.type('\u0003');
  expect(await run.ended).toBe(130);
  expect(run.output()).toContain('\u001b[?25h');
});
