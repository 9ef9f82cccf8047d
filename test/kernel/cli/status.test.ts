import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { StatusReport } from '../../../lib/cli/status.js';
import { runCli } from '../../support/cli.js';
import { selected } from '../../support/kernel-text.js';
import { HUGE_PAGE, HUGE_PAGES } from '../../support/page-sizes.js';
import { allCounters, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const need = { pageSize: HUGE_PAGE, pages: 4 };
const THP = '/sys/kernel/mm/transparent_hugepage';

requires({ pool: need, thp: true }).describe('hugepages status', () => {
  withPool(need);

  requires({}).it('--json says what sysfs and procfs say', async () => {
    const { code, stdout } = await runCli(['status', '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as StatusReport;

    const ofPools = report.pools.map(({ pageSize, total, free, reserved, surplus }) => [pageSize, { total, free, reserved, surplus }]);
    expect(new Map(ofPools as [])).toEqual(allCounters());
    expect(report.pools.filter(({ isDefault }) => isDefault).map(({ pageSize }) => pageSize)).toEqual([HUGE_PAGE]);
    for (const { perNode, total } of report.pools) expect(perNode.reduce((sum, node) => sum + node.total, 0)).toBe(total);

    expect(report.thp.enabled).toBe(selected(readFileSync(`${THP}/enabled`, 'utf8')));
    expect(report.thp.defrag).toBe(selected(readFileSync(`${THP}/defrag`, 'utf8')));
    expect(report.limits.shmmax).toBe(Number(readFileSync('/proc/sys/kernel/shmmax', 'utf8')));
    const hugetlbfs = readFileSync('/proc/self/mountinfo', 'utf8').match(/ - hugetlbfs /g) ?? [];
    expect(report.mounts).toHaveLength(hugetlbfs.length);
  });

  requires({}).it('shows a row for each pool', async () => {
    const { code, stdout } = await runCli(['status']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}\S+ \(default\) +4 +4 +0 +0 +\d+$/m);
    expect(stdout.match(/^ {2}[\d.]+[KMG]iB .*\d$/gm)).toHaveLength(HUGE_PAGES.length);
  });
});

requires({ root: true }).it('hugepages status works for an ordinary user, who has no capabilities', async () => {
  const { code, stdout, stderr } = await runCli(['status', '--json'], { uid: 65534, gid: 65534, cwd: '/' });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect((JSON.parse(stdout) as StatusReport).limits.capabilities).toEqual({ ipcLock: false, sysAdmin: false });
});
