import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
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
    // No limit is a number close to 2^64 for the kernel, and null in JSON.
    const shmmax = Number(readFileSync('/proc/sys/kernel/shmmax', 'utf8'));
    expect(report.limits.shmmax).toBe(Number.isSafeInteger(shmmax) ? shmmax : null);
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
  expect((JSON.parse(stdout) as StatusReport).limits.capabilities).toEqual({ ipcLock: false, sysAdmin: false, sysResource: false });
});

it('hugepages status --root shows another machine', async () => {
  const root = fileURLToPath(new URL('../../fixtures/arm64', import.meta.url));
  const { code, stdout } = await runCli(['status', '--json', '--root', root]);
  expect(code).toBe(0);
  const report = JSON.parse(stdout) as StatusReport;
  expect(report.pools.map(({ pageSize, total }) => [pageSize, total])).toEqual([
    [2 ** 16, 256],
    [2 ** 21, 40],
    [2 ** 25, 15],
    [2 ** 30, 1],
  ]);
  expect(report.cgroups.hugetlb.map(({ levels }) => levels.map(({ limit }) => limit))).toEqual([[2 ** 20], [null], [2 ** 28], [null]]);
  expect(report.container).toEqual({ readOnlySysfs: false, otherMountNamespace: false, otherUserNamespace: false, poolsWritable: true });
});

it('hugepages status --root refuses what is no recorded tree', async () => {
  const { code, stderr } = await runCli(['status', '--root', '/nonexistent']);
  expect(code).toBe(2);
  expect(stderr).toContain('--root /nonexistent: there is no proc and no sys in it');
});
