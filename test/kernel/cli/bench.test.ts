import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { BenchComparison, BenchResult } from '../../../lib/index.js';
import { CLI, runCli, startCli } from '../../support/cli.js';
import { temporaryFolder } from '../../support/files.js';
import { HUGE_PAGE } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { NOBODY, requires } from '../../support/requirements.js';
import { startInTerminal } from '../../support/terminal.js';

const need = { pageSize: HUGE_PAGE, pages: 2 };
/** Of a pool of gigantic pages one would be taken, and populated. */
const SMALL = ['--bytes', '4MiB', '--rounds', '2', '--keep-pools'];
const file = temporaryFolder();

// withPool checks after each test that all counters are what they were.
requires({ pool: need, thp: true }).describe('hugepages bench', () => {
  withPool(need);

  it('tlb shows latencies, levels, page sizes and gains', async () => {
    const { code, stdout, stderr } = await runCli(['bench', 'tlb', ...SMALL]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ +pages touched +4KiB +THP 2MiB +hugetlb 2MiB/m);
    expect(stdout).toMatch(/^ +1024 +\d/m);
    for (const text of [
      'In short',
      'Levels of the TLB',
      'Page size that the TLB sees',
      'above 1, huge pages are faster',
      'Medians of 2 rounds',
      'Noise floor',
    ]) {
      expect(stdout).toContain(text);
    }
  });

  it.each([['advise', '--pattern', 'random'], ['prefault'], ['fork'], ['access'], ['share']])(
    '%s prints tables, or JSON',
    async (...name) => {
      const { code, stdout, stderr } = await runCli(['bench', ...name, ...SMALL]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('hugetlb 2MiB');
      const json = await runCli(['bench', ...name, ...SMALL, '--json']);
      expect(json).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(json.stdout)).toMatchObject({
        schema: 'hugepages-bench',
        version: 1,
        benchmark: name[0],
        settings: { rounds: 2, growPools: false },
      });
    },
  );

  it('--html writes a page besides what is printed', async () => {
    const { code, stdout, stderr } = await runCli(['bench', 'fork', ...SMALL, '--html', file('page.html')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('hugetlb 2MiB');
    const page = readFileSync(file('page.html'), 'utf8');
    expect(page).toMatch(/<figcaption>fork: time by bytes; with 0B [^<]+<\/figcaption>\n<svg /);
    expect(page).toContain('"benchmark":"fork"');
  });

  it('grows pools, unless it is told to keep them', async () => {
    const pages = async (...options: string[]): Promise<string[]> => {
      const { stdout } = await runCli(['bench', 'prefault', '--bytes', '8MiB', '--rounds', '1', '--json', ...options]);
      return (JSON.parse(stdout) as BenchResult).notes.filter((note) => note.startsWith('hugetlb 2MiB'));
    };
    expect(await pages()).toEqual([]);
    expect(await pages('--keep-pools')).toEqual(['hugetlb 2MiB: measured on 4MiB, the pool has 2 pages to give, and 4 are wanted']);
  });

  it('compares two results', async () => {
    for (const name of ['before', 'after']) {
      const { stdout } = await runCli(['bench', 'fork', ...SMALL, '--json']);
      writeFileSync(file(name), stdout);
    }
    const same = await runCli(['bench', 'compare', file('before'), file('before'), '--json']);
    expect(same).toMatchObject({ code: 0, stderr: '' });
    const { differences } = JSON.parse(same.stdout) as BenchComparison;
    expect(differences.length).toBeGreaterThan(0);
    for (const { ratio } of differences) expect(ratio).toBeCloseTo(1, 6);
    const { code, stdout } = await runCli(['bench', 'compare', file('before'), file('after'), '--all']);
    expect(code).toBeLessThanOrEqual(1);
    expect(stdout).toContain('fork/kernel/4KiB/0');
  });

  requires({ program: 'script' }).it('shows its progress in a terminal, and puts all back after ^C', async () => {
    const run = startInTerminal(['bench', 'tlb', '--bytes', '64MiB']);
    await run.until('256 lines');
    run.type('\x03');
    expect(await run.ended).toBe(130);
    expect(run.output()).toContain('interrupted by SIGINT: all memory is back, and the pools are as they were');
  });
});

requires({ ordinaryUser: true }).it('hugepages bench tlb needs no root', async () => {
  const { code, stdout, stderr } = await runCli(['bench', 'tlb', '--bytes', '4MiB', '--rounds', '2', '--json'], { ...NOBODY, cwd: '/' });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { notes, figures } = JSON.parse(stdout) as BenchResult;
  expect(figures.length).toBeGreaterThan(0);
  expect(notes.filter((note) => note.startsWith('hugetlb')).join('\n')).toContain('cannot be grown');
});

requires({ program: 'taskset' }).it('hugepages bench tlb works with one CPU, and says so', async () => {
  const command = ['taskset', '-c', '0', process.execPath, CLI];
  const { code, stdout } = await startCli(['bench', 'tlb', ...SMALL], { command }).result;
  expect(code).toBe(0);
  expect(stdout).toContain('Only one CPU');
});

requires({ program: 'prlimit' }).it('hugepages bench takes less where a limit leaves less to map, and says so', async () => {
  const command = ['prlimit', '--as=2500000000', process.execPath, CLI];
  const { code, stdout, stderr } = await startCli(['bench', 'fork', '--rounds', '1', '--keep-pools', '--json'], { command }).result;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { notes, settings } = JSON.parse(stdout) as BenchResult;
  expect(settings['bytes']).toBeLessThan(2 ** 28);
  expect(notes).toContainEqual(expect.stringMatching(/^\d+MiB of each kind: a limit leaves this process .* to map\. Raise RLIMIT_AS/));
});

describe('hugepages bench with a wrong command line', () => {
  it.each([
    [[], 'one of tlb, advise, prefault, fork, access, share, compare, report is needed'],
    [['prefalt'], "unknown benchmark 'prefalt': did you mean prefault?"],
    [['tlb', '--bytes', '1'], '--bytes must be a whole number of bytes from 2MiB to 16GiB'],
    [['tlb', '--bytes', 'x'], '--bytes must be a size'],
    [['tlb', '--rounds', '0'], '--rounds must be an integer >= 1'],
    [['tlb', '--pattern', 'random'], "Unknown option '--pattern'"],
    [['advise', '--pattern', 'random'], 'advise takes --pattern and --bytes'],
    [['advise', '--pattern', 'x', '--bytes', '1MiB'], "--pattern must be one of 'random', 'stride'"],
    [['advise', '--pattern', 'random', '--bytes', '1MiB', '--stride', '64'], '--stride goes with --pattern stride'],
    [['advise', '--pattern', 'stride', '--bytes', '1MiB', '--stride', '96'], '--stride must be a power of two'],
    [['compare', 'one'], 'compare takes two files'],
  ])('%j', async (args, message) => {
    const { code, stderr } = await runCli(['bench', ...args]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it.each([
    ['nowhere.json', undefined, 'ENOENT'],
    ['text.json', 'no JSON', 'holds no result'],
    ['other.json', '{}', 'holds no result of a benchmark'],
  ])('compare %s', async (name, content, message) => {
    if (content !== undefined) writeFileSync(file(name), content);
    const { code, stderr } = await runCli(['bench', 'compare', file(name), file(name)]);
    expect(stderr).toContain(message);
    expect(code).toBeGreaterThan(0);
  });
});
