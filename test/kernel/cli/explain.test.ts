/** `hugepages explain`: verdict, reasons and commands, and an exit code for scripts. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { Diagnosis } from '../../../lib/index.js';
import { CLI, runCli } from '../../support/cli.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { NOBODY, requires } from '../../support/requirements.js';

const POOL = { pageSize: H, pages: 2 };
const FILE = `/sys/kernel/mm/hugepages/hugepages-${String(H / 1024)}kB/nr_hugepages`;

requires({ root: true, pool: POOL }).describe('hugepages explain', () => {
  withPool(POOL);

  it('says yes, and exits with 0', async () => {
    const { code, stdout, stderr } = await runCli(['explain', String(2 * H), '--backing', 'hugetlb']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe('Yes: 4MiB on 2MiB hugetlb pages.\n\nhugetlb, 2MiB pages: would be taken\n');
  });

  it('says no with the reason and what to paste, and exits with 1', async () => {
    const { code, stdout, stderr } = await runCli(['explain', '8MiB', '--backing', 'hugetlb']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toBe(`No: it would fail.

hugetlb, 2MiB pages: ruled out
  1. The pool of 2MiB pages is too small: 4 pages needed, 2 to be had (total 2, free 2, reserved 0, surplus 0, overcommit 0)
     Fails when it is mapped.
     Grow the pool of 2MiB pages from 2 to 4:
       echo 4 | tee ${FILE}
     (needs root)
`);
  });

  it('hands every option on', async () => {
    const args = ['8MiB', '--backing', 'hugetlb,base', '--page-size', '2MiB', '--no-reserve', '--no-prefault', '--shared', '--guard'];
    const { code, stdout } = await runCli(['explain', ...args, '--numa', 'bind:0', '--alignment', '4MiB', '--json']);
    expect(code).toBe(0);
    const { possible, backing, candidates } = JSON.parse(stdout) as Diagnosis;
    expect({ possible, backing }).toEqual({ possible: true, backing: { kind: 'hugetlb', pageSize: H } });
    expect(candidates).toMatchObject([{ backing: 'hugetlb', byteLength: 4 * H, possible: true, reasons: [] }, { backing: 'base' }]);
  });

  it.each([
    [[], 'one SIZE is needed, and 0 are given'],
    [['1', '2'], 'one SIZE is needed, and 2 are given'],
    [['much'], 'SIZE must be a size'],
    [['1', '--backing', 'wood'], "--backing must be one of 'hugetlb', 'thp', 'base'. Received 'wood'"],
    [['1', '--numa', 'bind:x'], '--numa must be an integer >= 0'],
    [['1', '--numa', 'bind'], '--numa must name nodes'],
    [['1', '--numa', 'local:0'], '--numa must name nodes'],
  ])('refuses %j with its usage', async (args, message) => {
    const { code, stdout, stderr } = await runCli(['explain', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('Usage: hugepages explain');
  });

  it.each([
    ['rlimit-address-space', 'v'],
    ['rlimit-data', 'd'],
  ])('has a limit of the shell raised: %s', (code, option) => {
    const question = 'explain 16GiB --backing hugetlb --no-reserve --no-prefault --json';
    const command = `ulimit -S -${option} unlimited`;
    const script = `ulimit -S -${option} ${String(8 * 2 ** 20)}
      explain() { '${process.execPath}' '${CLI}' ${question} | tr -d '\\n'; echo; }
      explain; ${command}; explain`;
    const [before, after] = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\n');
    expect(JSON.parse(before ?? '')).toMatchObject({ possible: false, candidates: [{ reasons: [{ code, remedy: { command } }] }] });
    expect(JSON.parse(after ?? '')).toMatchObject({ possible: true });
  });

  requires({ ordinaryUser: true }).it('tells an ordinary user a command with the privilege', async () => {
    const { code, stdout } = await runCli(['explain', '8MiB', '--backing', 'hugetlb'], NOBODY);
    expect(code).toBe(1);
    expect(stdout).toContain(`echo 4 | sudo tee ${FILE}`);
  });
});
