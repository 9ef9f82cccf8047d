/** hugepages mount: each action in a process of its own. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mounts } from '../../../lib/index.js';
import { runCli } from '../../support/cli.js';
import { opens, withHolders } from '../../support/holders.js';
import { mountCount, withMountDirectory } from '../../support/mounts.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const POOL = { pageSize: H, pages: 8 };

requires({ pool: POOL }).describe('hugepages mount', () => {
  withPool(POOL);
  const directory = withMountDirectory();
  const holders = withHolders();

  /** What an action prints as JSON. */
  async function json(...args: string[]): Promise<Record<string, unknown>> {
    const { code, stdout, stderr } = await runCli(['mount', ...args, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  it('adds, lists, ensures and removes', async () => {
    const before = allCounters();
    const path = directory.path('m n');
    const options = [
      ...['--page-size', String(H), '--size', '50%', '--min-size', String(H)],
      ...['--nr-inodes', '9', '--uid', '5', '--mode', '1770'],
    ];
    const dry = await runCli(['mount', 'add', path, ...options, '--dry-run']);
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining(`size=50%,min_size=${String(H)},nr_inodes=9,uid=5`) as string });
    expect(existsSync(path)).toBe(false);

    expect(await json('add', path, ...options)).toMatchObject({ mounted: true, createdDirectories: [path] });
    expect(delta(before)).toEqual({ [H]: { reserved: 1 } });
    expect(await json()).toEqual(JSON.parse(JSON.stringify({ mounts: mounts() })));
    expect(await json('list', '--pid', String(process.pid))).toEqual(await json('list'));
    expect((await runCli(['mount'])).stdout).toMatch(/^ {2}mount point .*\n(.*\n)* {2}\/.*m n +\S+ +\S+ +\S+ +9 +5:0 +1770$/m);
    expect(await json('ensure', path, ...options)).toMatchObject({ mounted: false });
    expect(await json('usage', path)).toMatchObject({ pages: { total: 4, free: 4, used: 0 }, inodes: { total: 9, used: 1 } });

    const other = await runCli(['mount', 'ensure', path, '--size', String(H)]);
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('other options: size is') as string });
    expect(await json('remove', path, '--dry-run')).toMatchObject({ unmounted: false });
    expect(await json('remove', path)).toMatchObject({ unmounted: true });
    expect(delta(before)).toEqual({});
  });

  it('finds a mount, and says how to make one when there is none', async () => {
    const path = directory.path('m');
    await json('add', path);
    expect((await runCli(['mount', 'find', '--page-size', String(H)])).stdout.trim()).toBe(mounts()[0]?.mountPoint);
    const { code, stderr } = await runCli(['mount', 'find', '--size', '64TiB', '--page-size', '1GiB']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/No hugetlbfs mount|no pool of 1GiB/) as string });
  });

  it('shows who uses a file, what is left over, and removes that', async () => {
    const path = directory.path('m');
    await json('add', path);
    for (const name of ['used', 'left']) execFileSync('fallocate', ['-l', String(H), `${path}/${name}`]);
    const child = await holders.start(opens(`${path}/used`));
    expect((await runCli(['mount', 'holders', path])).stdout).toContain(`${String(child.pid)} sh  open ${path}/used`);
    const busy = await runCli(['mount', 'remove', path]);
    expect(busy).toMatchObject({ code: 1, stderr: expect.stringContaining(`sh (pid ${String(child.pid)}, open: ${path}/used)`) as string });
    expect((await runCli(['mount', 'leftovers', path])).stdout).toMatch(/m\/left +2MiB +\d+s\n1 file, 2MiB/);
    expect(await json('leftovers', path, '--min-age', '3600')).toMatchObject({ files: [] });
    const removed = await json('leftovers', path, '--remove');
    expect(removed).toMatchObject({ removed: true, files: [{ path: `${path}/left`, allocatedBytes: H }] });
    expect(existsSync(`${path}/used`)).toBe(true);
    expect(mountCount(path)).toBe(1);
  });
});

it.each([
  [['frobnicate'], "unknown action 'frobnicate'"],
  [['add'], 'add takes one path'],
  [['list', '/mnt'], 'list takes no path'],
  [['add', '/nowhere', '--size', '3Q'], '--size must be a size'],
  [['add', '/nowhere', '--size', '1'], 'a multiple of'],
  [['add', '/nowhere', '--uid', 'root'], '--uid must be a whole number'],
  [['add', '/nowhere', '--mode', '999'], 'octal digits'],
  [['find', '--dry-run'], '--dry-run'],
  [['leftovers', '/nowhere', '--min-age', '-1'], '--min-age'],
])('hugepages mount %j is a wrong command line', async (args, message) => {
  const { code, stdout, stderr } = await runCli(['mount', ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).toContain('Usage: hugepages mount');
});
