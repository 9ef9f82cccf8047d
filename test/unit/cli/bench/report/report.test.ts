/** Reports without what draws them, and of what is no result. */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FORK_RESULT } from '../../../../support/bench-results.js';
import { CLI, runCli } from '../../../../support/cli.js';
import { temporaryFolder } from '../../../../support/files.js';

const file = temporaryFolder();

/** A process in which vega is not installed. */
const HOOK = `export async function resolve(name, context, next) {
  if (name === 'vega') throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
  return next(name, context);
}`;
const REGISTER = `import { register } from 'node:module'; register(${JSON.stringify(module(HOOK))});`;

function withoutVega(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--import', module(REGISTER), CLI, ...args], { encoding: 'utf8' });
}

function module(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

it.each([
  ['report', file('result.json')],
  ['fork', '--keep-pools'],
])('without vega bench %s --html says what to install, before it measures', (...args) => {
  writeFileSync(file('result.json'), JSON.stringify(FORK_RESULT));
  const { status, stdout, stderr } = withoutVega('bench', ...args, '--html', file('page.html'));
  expect(stderr).toContain('could not be loaded. Install it beside hugepages: npm install vega');
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(existsSync(file('page.html'))).toBe(false);
});

it('without vega all else works', () => {
  writeFileSync(file('result.json'), JSON.stringify(FORK_RESULT));
  const { status, stdout } = withoutVega('bench', 'compare', file('result.json'), file('result.json'));
  expect(status).toBe(0);
  expect(stdout).toContain('fork/kernel/4KiB/2097152');
});

it.each([
  ['nowhere.json', undefined, 'ENOENT'],
  ['text.json', 'nothing', 'text.json holds no result of a benchmark of this package, and no JSON: Unexpected token'],
  ['other.json', '{}', 'other.json holds no result of a benchmark of this package. Write one with: hugepages bench NAME --json'],
  ['part.json', JSON.stringify({ ...FORK_RESULT, figures: {} }), 'of this package: figures must be figures with samples. Write'],
  ['later.json', JSON.stringify({ ...FORK_RESULT, version: 2 }), "later.json' has version 2 of the schema"],
])('bench report %s', async (name, content, message) => {
  if (content !== undefined) writeFileSync(file(name), content);
  const { code, stderr } = await runCli(['bench', 'report', file(name), '--html', file('page.html')]);
  expect(stderr).toContain(message);
  expect(code).toBe(1);
  expect(existsSync(file('page.html'))).toBe(false);
});

it.each([
  [['report'], 'report takes files'],
  [['report', 'result.json'], 'report takes files'],
  [['report', '--html', 'page.html'], 'report takes files'],
  [['report', 'result.json', '--html', 'page.html', '--json'], "Unknown option '--json'"],
  [['compare', 'a.json', 'b.json', '--html', 'page.html'], "Unknown option '--html'"],
])('%j', async (args, message) => {
  const { code, stderr } = await runCli(['bench', ...args]);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

it.each([
  [file('no/such/page.html'), 1, 'page.html: access failed with ENOENT'],
  [file('.'), 1, 'is a directory. Name a file in a directory that is there'],
  ['', 2, '--html takes the name of a file'],
])('says that a report cannot be written, before it measures: %s', async (page, expected, message) => {
  const { code, stdout, stderr } = await runCli(['bench', 'fork', '--keep-pools', '--html', page]);
  expect(stderr).toContain(message);
  expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
});

