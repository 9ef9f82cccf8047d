import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { addressSpace } from '../../../lib/index.js';
import { runCli } from '../../support/cli.js';
import { temporaryFolder } from '../../support/files.js';
import { HUGE_PAGE } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { NOBODY, requires } from '../../support/requirements.js';
import { STOPPED_NEED, TAKEN_PAGES, UNTOUCHED_PAGES, withStopped } from '../../support/stopped.js';
import { startInTerminal } from '../../support/terminal.js';

const file = temporaryFolder();

requires({ pool: STOPPED_NEED, thp: true }).describe('hugepages map', () => {
  withPool(STOPPED_NEED);

  requires({}).it('--json says what addressSpace() says, with addresses in hexadecimal', async () => {
    await withStopped(async (pid) => {
      const { code, stdout, stderr } = await runCli(['map', String(pid), '--json']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const inJson = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `0x${value.toString(16)}` : value);
      const space = await addressSpace(pid, { hugeOnly: true });
      expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(space, inJson)));
    });
  });

  requires({}).it('shows mappings with huge pages, their sums, and a picture, without colours outside of a terminal', async () => {
    await withStopped(async (pid) => {
      const { code, stdout, stderr } = await runCli(['map', String(pid)], { env: { ...process.env, COLUMNS: '40' } });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toContain('\u001b');
      const [heading = '', titles = '', ...lines] = stdout.split('\n');
      expect(heading).toMatch(new RegExp(`^${String(pid)} {2}\\S+: \\d+ of \\d+ mappings$`));
      const names = titles.trim().split(/\s+/);
      expect(names.slice(-2)).toEqual(['VmFlags', 'Mapping']);
      expect(lines.filter((line) => line.includes('two\\012lines'))).toHaveLength(1);
      // Without Perm, Offset, Device and Inode, and with a blank in its own name, which stand for Address.
      const sums = lines.find((line) => line.startsWith('  total KiB'))?.trim().split(/\s+/) ?? [];
      const { totals } = await addressSpace(pid, { hugeOnly: true });
      expect(sums[2]).toBe(String((totals['Size'] ?? NaN) / 1024));
      const size = (pages: number): string => `${String((pages * HUGE_PAGE) / 2 ** 20)}MiB`;
      expect(stdout).toMatch(new RegExp(`^ {2}█ {2}\\S+ hugetlb +${size(TAKEN_PAGES)}$`, 'm'));
      expect(stdout).toMatch(new RegExp(`^ {2}░ {2}hugetlb without a page +${size(UNTOUCHED_PAGES)}$`, 'm'));
      expect(stdout).toMatch(/^ {2}# {2}\S+ transparent +\d+MiB$/m);
      const cells = stdout.match(/^ {2,}[0-9a-f]+ {2}\D+$/gm)?.join('') ?? '';
      expect([cells.match(/█/g)?.length, cells.match(/░/g)?.length]).toEqual([TAKEN_PAGES, UNTOUCHED_PAGES]);
    });
  });

  requires({}).it('--svg draws into a file, or to standard output', async () => {
    await withStopped(async (pid) => {
      const svg = file('map.svg');
      expect(await runCli(['map', String(pid), '--svg', svg])).toMatchObject({ code: 0, stdout: '', stderr: '' });
      const { stdout } = await runCli(['map', String(pid), '--svg', '-']);
      expect(stdout).toBe(readFileSync(svg, 'utf8'));
      expect(stdout).toMatch(/^<svg [^]*<\/svg>\n$/);
      expect(stdout).toContain('two\nlines');
    });
  });
});

requires({ program: 'script' }).it('hugepages map fits the terminal, and has colours there', async () => {
  const run = startInTerminal(['map', String(process.pid), '--all'], { CI: undefined, NO_COLOR: undefined, FORCE_COLOR: undefined });
  expect(await run.ended).toBe(0);
  const [, shown = ''] = run.output().split(/ mappings\r?\n/);
  expect(shown).toMatch(/^ {2}Address [^]* VmFlags\b[^]* Mapping\b[^]*Address space, [^]*\u001b\[/);
  const lines = shown.replaceAll(/\u001b\[\d+m/g, '').split(/\r?\n/);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

requires({ ordinaryUser: true }).it('hugepages map of a process of somebody else names the privilege that it takes', async () => {
  const { code, stdout, stderr } = await runCli(['map', String(process.pid)], { ...NOBODY, cwd: '/' });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  const who = `${String(process.pid)} (${readFileSync('/proc/self/comm', 'utf8').trimEnd()})`;
  expect(stderr).toContain(`The kernel does not show this user the mappings of process ${who}. Run as root`);
});

it('hugepages map of a process that is gone says so', async () => {
  const { pid } = spawnSync('true');
  expect(await runCli(['map', String(pid)])).toMatchObject({ code: 1, stderr: `hugepages: There is no process ${String(pid)}\n` });
});

it('hugepages map says which file cannot be written', async () => {
  const { code, stderr } = await runCli(['map', String(process.pid), '--all', '--svg', '/nonexistent/map.svg']);
  expect(code).toBe(1);
  expect(stderr).toContain('Could not write the picture of --svg to /nonexistent/map.svg: open failed with ENOENT');
});

it('hugepages map of what has no mappings leaves the file of --svg', async () => {
  const svg = file('kept.svg');
  writeFileSync(svg, 'kept');
  const root = file('recorded');
  mkdirSync(`${root}/proc/2`, { recursive: true });
  writeFileSync(`${root}/proc/2/status`, 'Name:\tkthreadd\nState:\tS (sleeping)\nPPid:\t0\n');
  const { code, stderr } = await runCli(['map', '2', '--svg', svg, '--root', root]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '2  kthreadd\n  no address space: it is a kernel thread or a zombie\n' });
  expect(readFileSync(svg, 'utf8')).toBe('kept');
});
