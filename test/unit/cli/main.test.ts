import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../lib/cli/commands.js';
import { runCli, startCli } from '../../support/cli.js';
import { fixture } from '../host/fixtures.js';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string };

/** The names of all fields, without those of facts that every reason has of its own. */
function keysOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(keysOf);
  return Object.entries(value).flatMap(([key, field]) => [key, ...(key === 'details' ? [] : keysOf(field))]);
}

describe('hugepages', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']]])('%j lists the commands', async (args) => {
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: hugepages COMMAND [^]*\n {2}status [^]*\n {2}demo /);
  });

  it('fits into 80 columns', async () => {
    const help = await Promise.all([[], ...commands.map(({ name }) => [name])].map((args) => runCli([...args, '--help'])));
    const long = help.flatMap(({ stdout }) => stdout.split('\n').filter((line) => line.length > 80));
    expect(long).toEqual([]);
  });

  it.each([
    [['mount', 'usage'], 1, 'No hugetlbfs is mounted on /a\\012b\\033[2J. See'],
    [['status', '--root'], 2, '--root /a\\012b\\033[2J: there is no proc'],
  ])('shows no control characters of a path: %j', async (args, code, message) => {
    const path = '/a\nb\x1b[2J';
    expect(await runCli([...args, path])).toMatchObject({ code, stderr: expect.stringContaining(message) as string });
  });

  it('--version is that of the package', async () => {
    expect(await runCli(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    ...commands.map(({ name }): [string, string[]] => [name, [name, '--help']]),
    ['status', ['help', 'status']],
  ] as const)('%s: %j shows options and examples, and does nothing', async (command, args) => {
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Usage: hugepages ${command} [^]*\\nOptions:\\n[^]*\\nExamples:\\n {2}hugepages ${command}`));
  });

  it.each([
    [['frobnicate'], "unknown command 'frobnicate'\n", 'Usage: hugepages COMMAND'],
    [['statsu'], "unknown command 'statsu': did you mean status?\n", 'Usage: hugepages COMMAND'],
    [['--frobnicate'], 'unknown option --frobnicate', 'Usage: hugepages COMMAND'],
    [['status', '--frobnicate'], "Unknown option '--frobnicate'\n", 'Usage: hugepages status'],
    [['explain', '2MiB', '--pagesize'], "Unknown option '--pagesize': did you mean --page-size?\n", 'Usage: hugepages explain'],
    [['explain', '2MiB', '--numa', 'bind:1023'], '--numa must be among the nodes of this machine: 0', 'Usage: hugepages explain'],
    [['explain', 'much'], 'SIZE must be a size such as', 'Usage: hugepages explain'],
    [['pool', 'sett', '2MiB', '1'], "unknown action 'sett': did you mean set?\n", 'Usage: hugepages pool'],
    [['mount', 'ad'], "unknown action 'ad': did you mean add?\n", 'Usage: hugepages mount'],
    [['mount', 'add', '/x', '--size', '1'], '--size must be a multiple of', 'Usage: hugepages mount'],
    [['setup', '--plan', 'no-such.json'], '--plan no-such.json: there is no such file\n', 'Usage: hugepages setup'],
    [['status', 'more'], "Unexpected argument 'more'", 'Usage: hugepages status'],
    [['demo', '--size', 'much'], '--size must be a size', 'Usage: hugepages demo'],
    [['demo', '--size', '1'], '--size must be a whole number', 'Usage: hugepages demo'],
    [['demo', '--size'], "'--size", 'Usage: hugepages demo'],
  ])('%j is refused with the usage', async (args, message, usage) => {
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^hugepages: /);
    expect(stderr).toContain(message);
    expect(stderr).toContain(usage);
  });

  it.each([
    ['status'],
    ['doctor'],
    ['watch', '--count', '2', '--interval', '10'],
    ['explain', '1GiB', '--backing', 'hugetlb'],
    ['pool'],
    ['mount'],
    ['setup', '--pool', '2MiB=1', '--dry-run'],
  ])('%s --json prints what the help says', async (name, ...args) => {
    const help = await runCli([name, '--help']);
    const { stdout } = await runCli([name, ...args, '--root', fixture('four-nodes').root, '--json']);
    const report: unknown = JSON.parse(name === 'watch' ? `[${stdout.trim().replaceAll('\n', ',')}]` : stdout);
    const unnamed = keysOf(report).filter((key) => !new RegExp(`\\b${key}\\b`).test(help.stdout));
    // What pools and mounts have is in the help of status alone; watch speaks of htlb_* and the like.
    const elsewhere = name === 'pool' || name === 'mount' ? (await runCli(['status', '--help'])).stdout : '';
    expect(unnamed.filter((key) => !elsewhere.includes(key) && !/^(htlb|thp|compact)_/.test(key))).toEqual([]);
  });

  it('ends quietly when nobody reads', async () => {
    const { child, result } = startCli(['status', '--json']);
    child.stdout.destroy();
    expect(await result).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  it('writes no colours into a pipe', async () => {
    const { stdout } = await runCli(['status'], { env: { ...process.env, FORCE_COLOR: undefined } });
    expect(stdout).not.toContain('\u001b');
  });
});
