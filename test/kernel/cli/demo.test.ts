import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { DemoReport } from '../../../lib/cli/demo.js';
import { CLI, runCli, startCli } from '../../support/cli.js';
import type { CliResult } from '../../support/cli.js';
import { HUGE_PAGE } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const PAGES = 16;
const SIZE = String(PAGES * HUGE_PAGE);
const ORDINARY_USER = { uid: 65534, gid: 65534, cwd: '/' };

function reportOf({ code, stderr, stdout }: CliResult): DemoReport {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as DemoReport;
}

/** What every run has to show, whatever the backing. */
const everything = {
  proof: { confirmed: true, pagemap: { presentBytes: PAGES * HUGE_PAGE, absentBytes: 0 } },
  file: { path: process.execPath, equal: true },
  aftermath: { equal: true },
};

for (const pages of [0, 3, PAGES]) {
  const need = { pageSize: HUGE_PAGE, pages };
  requires({ pool: need }).describe(`hugepages demo with ${String(pages)} of ${String(PAGES)} pages in the pool`, () => {
    withPool(need);

    it('grows the pool by what is missing, proves hugetlb, and gives all back', async () => {
      const report = reportOf(await runCli(['demo', '--size', SIZE, '--json']));
      expect(report).toMatchObject({
        ...everything,
        growth: { outcome: pages < PAGES ? 'grown' : 'enough', neededPages: PAGES, addedPages: PAGES - pages },
        allocation: { backing: { kind: 'hugetlb', pageSize: HUGE_PAGE } },
        proof: { ...everything.proof, smaps: { kernelPageSize: HUGE_PAGE, privateHugetlb: PAGES * HUGE_PAGE, anonHugePages: 0 } },
      });
    });

    it('takes for an ordinary user what is there, and says why', async () => {
      const report = reportOf(await runCli(['demo', '--size', SIZE, '--json'], ORDINARY_USER));
      expect(report).toMatchObject({ ...everything, growth: { outcome: pages < PAGES ? 'refused' : 'enough', addedPages: 0 } });
      const [first] = report.allocation?.attempts ?? [];
      if (pages < PAGES) {
        expect(report.growth?.reason).toContain('EACCES');
        expect(first).toMatchObject({ backing: 'hugetlb' });
        expect(first?.error).toContain('| sudo tee /sys/kernel/mm/hugepages/');
        expect(report.allocation?.backing.kind).not.toBe('hugetlb');
      } else {
        expect(first).toEqual({ backing: 'hugetlb', pageSize: HUGE_PAGE });
        expect(report.allocation?.backing.kind).toBe('hugetlb');
      }
    });
  });
}

const untouched = { pageSize: HUGE_PAGE, pages: 0 };
requires({ pool: untouched }).describe('hugepages demo', () => {
  withPool(untouched);

  it('tells the story without colours and cursor movements outside a terminal', async () => {
    const { code, stdout, stderr } = await runCli(['demo', '--size', SIZE]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(/[\u001b\r]/);
    const titles = stdout.split('\n').filter((line) => /^\S/.test(line));
    expect(titles).toEqual([
      'This machine',
      'Room in the pool',
      expect.stringContaining('Allocation'),
      'What the kernel says it is',
      expect.stringContaining('A file'),
      expect.stringContaining('Beside an ordinary Buffer'),
      'Afterwards',
    ]);
    expect(stdout).toContain('the pool is as it was');
  });

  it('works with standard input closed', async () => {
    const command = ['sh', '-c', 'exec "$@" <&-', 'sh', process.execPath, CLI];
    const report = reportOf(await startCli(['demo', '--size', SIZE, '--json'], { command }).result);
    expect(report).toMatchObject(everything);
  });

  // A kernel without hugetlb has no such directory.
  const hiding = ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs none /sys/kernel/mm/hugepages && exec "$@"', 'sh'];
  const [unshare = '', ...unshareArgs] = hiding;
  const noNamespace = spawnSync(unshare, [...unshareArgs, 'true']).status !== 0;
  const why = noNamespace ? ' [skipped: no mount namespace to be had here]' : '';
  it.skipIf(noNamespace)(`takes transparent huge pages where there are no pools${why}`, async () => {
    const command = [...hiding, process.execPath, CLI];
    const report = reportOf(await startCli(['demo', '--size', SIZE, '--json'], { command }).result);
    expect(report).toMatchObject({ ...everything, machine: { pools: [] }, growth: { outcome: 'no pool' } });
    expect(report.allocation?.backing.kind).not.toBe('hugetlb');
  });
});
