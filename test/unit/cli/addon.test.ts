/** Commands that only look start fast: they do not load the addon. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FORK_RESULT } from '../../support/bench-results.js';
import { CLI } from '../../support/cli.js';
import { temporaryFolder } from '../../support/files.js';

const file = temporaryFolder();

// At the exit of the process: whether the addon is mapped into it.
const SPY = `import fs from 'node:fs';
  process.on('exit', () => {
    const mapped = fs.readFileSync('/proc/self/maps', 'utf8').includes('hugepages.node');
    process.stderr.write(mapped ? 'loaded' : 'not loaded');
  });`;

function addonAfter(...args: string[]): string {
  const spied = ['--import', `data:text/javascript,${encodeURIComponent(SPY)}`, ...args];
  return spawnSync(process.execPath, spied, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] }).stderr;
}

it.each(['status', 'status --json', 'doctor', 'watch --count 1', '--help'])('hugepages %s', (args) => {
  expect(addonAfter(CLI, ...args.split(' '))).toBe('not loaded');
});

it.each(['compare FILE FILE', 'report FILE --html PAGE', 'nosuch'])('hugepages bench %s', (args) => {
  writeFileSync(file('result.json'), JSON.stringify(FORK_RESULT));
  const paths: Readonly<Record<string, string>> = { FILE: file('result.json'), PAGE: file('page.html') };
  expect(addonAfter(CLI, 'bench', ...args.split(' ').map((arg) => paths[arg] ?? arg))).toMatch(/not loaded$/);
});

it('is seen where it is loaded', () => {
  expect(addonAfter('--input-type=module', '-e', "import 'hugepages'")).toBe('loaded');
});
