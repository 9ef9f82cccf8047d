/** Files that nobody uses: told from those that somebody does, and removed without taking one away. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { leftovers, mount } from '../../../../lib/index.js';
import { runChild, startChild } from '../../../support/child.js';
import { startCli } from '../../../support/cli.js';
import { withCompiled } from '../../../support/compiler.js';
import { locks, opens, stop, withHolders } from '../../../support/holders.js';
import { withMountDirectory } from '../../../support/mounts.js';
import { HUGE_PAGE as H } from '../../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../../support/pool.js';
import { NOBODY, requires } from '../../../support/requirements.js';

const POOL = { pageSize: H, pages: 8 };
const CHURN = new URL('../../../lifecycle/children/source-churn.mjs', import.meta.url);
const ORDINARY = new URL('children/leftovers.mjs', import.meta.url);

/** Makes a file that keeps pages. */
function fill(file: string, pages: number): void {
  const { status, stderr } = spawnSync('fallocate', ['-l', String(pages * H), file], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}

requires({ pool: POOL, compiler: true, program: 'setpriv' }).describe('leftovers', () => {
  withPool(POOL);
  const directory = withMountDirectory();
  const holders = withHolders();

  it('lists files that nobody uses, with what they keep, and removes them: the pages are back', async () => {
    const before = allCounters();
    const path = directory.path('m');
    mount({ path });
    fill(`${path}/a`, 3);
    mkdirSync(`${path}/d`);
    fill(`${path}/d/b`, 1);
    expect(delta(before)).toEqual({ [H]: { free: -4 } });
    const found = await leftovers(path);
    expect(found).toMatchObject({ removed: false, mount: { mountPoint: path } });
    const files = [...found.files].sort((a, b) => a.path.localeCompare(b.path));
    expect(files).toMatchObject([
      { path: `${path}/a`, allocatedBytes: 3 * H, byteLength: 3 * H },
      { path: `${path}/d/b`, allocatedBytes: H, byteLength: H },
    ]);
    for (const { age } of files) expect(age).toBeGreaterThanOrEqual(0);
    expect(delta(before)).toEqual({ [H]: { free: -4 } });
    expect((await leftovers(path, { minAge: 3_600_000, remove: true })).files).toEqual([]);
    const removed = await leftovers(path, { remove: true });
    expect(removed.removed).toBe(true);
    expect(removed.files).toHaveLength(2);
    expect(delta(before)).toEqual({});
    expect((await leftovers(path)).files).toEqual([]);
  });

  it('finds what allocate() leaves before Linux 5.5 when it is killed', () =>
    withCompiled(new URL('killed-early.c', import.meta.url), ['-D_GNU_SOURCE'], async (program) => {
      const path = directory.path('m');
      mount({ path });
      const options = { size: H, backing: ['hugetlb'], source: 'file', path };
      const ended = await startChild(CHURN, [JSON.stringify({ operation: 'allocate', options })], { within: [program] }).result;
      expect(ended).toMatchObject({ code: null, signal: 'SIGSYS', stderr: '' });
      const { files } = await leftovers(path);
      expect(files).toMatchObject([{ path: expect.stringMatching(/\/\.hugepages-[0-9a-f]{32}$/) as string, allocatedBytes: 0 }]);
      await leftovers(path, { remove: true });
      expect(readdirSync(path)).toEqual([]);
    }));

  it('leaves what is mapped, open or locked, and takes it when that is over', () =>
    withCompiled(new URL('map-file.c', import.meta.url), [], async (program) => {
      const path = directory.path('m');
      mount({ path });
      for (const name of ['mapped', 'open', 'locked', 'free']) fill(`${path}/${name}`, 1);
      const users = [
        await holders.start([program, `${path}/mapped`, String(H)]),
        await holders.start(opens(`${path}/open`)),
        await holders.start(locks(`${path}/locked`)),
      ];
      expect((await leftovers(path)).files.map((file) => file.path)).toEqual([`${path}/free`]);
      expect((await leftovers(path, { remove: true })).files.map((file) => file.path)).toEqual([`${path}/free`]);
      for (const name of ['mapped', 'open', 'locked']) expect(existsSync(`${path}/${name}`)).toBe(true);
      for (const user of users) await stop(user);
      expect((await leftovers(path, { remove: true })).files).toHaveLength(3);
    }));

  it('finds and removes files and directories whose names are not valid UTF-8', async () => {
    const path = directory.path('m');
    mount({ path });
    mkdirSync(Buffer.from(`${path}/d\xfc`, 'latin1'));
    const file = Buffer.from(`${path}/d\xfc/f\xff`, 'latin1');
    writeFileSync(file, '');
    expect((await leftovers(path)).files.map((found) => found.path)).toEqual([`${path}/d\udcfc/f\udcff`]);
    expect((await leftovers(path, { remove: true })).files).toHaveLength(1);
    expect(existsSync(file)).toBe(false);
  });

  it('leaves what this process has open', async () => {
    const path = directory.path('m');
    mount({ path });
    fill(`${path}/f`, 1);
    const descriptor = openSync(`${path}/f`, 'r');
    expect((await leftovers(path, { remove: true })).files).toEqual([]);
    closeSync(descriptor);
    expect((await leftovers(path, { remove: true })).files).toHaveLength(1);
  });

  it('never takes away a file that comes into use meanwhile, and never kills who removes', async () => {
    const path = directory.path('m');
    mount({ path });
    fill(`${path}/f`, 1);
    // Opens by name again and again: each time either the file with its name, or none.
    const racer = await holders.start(['sh', '-c', 'echo ready; while [ -e "$1" ]; do : <"$1"; done', 'sh', `${path}/f`]);
    let removed = 0;
    while (removed === 0) removed = (await leftovers(path, { remove: true })).files.length;
    expect(existsSync(`${path}/f`)).toBe(false);
    await stop(racer);
  });

  it('keeps to its own file system', async () => {
    const path = directory.path('m');
    mount({ path });
    mount({ path: `${path}/below` });
    fill(`${path}/below/f`, 1);
    fill(`${path}/f`, 1);
    renameSync(`${path}/f`, `${path}/g`);
    expect((await leftovers(path, { remove: true })).files.map((file) => file.path)).toEqual([`${path}/g`]);
    expect(existsSync(`${path}/below/f`)).toBe(true);
  });

  requires({ ordinaryUser: true }).it('removes nothing for an ordinary user who cannot tell whether it is in use', async () => {
    const path = directory.path('m');
    mount({ path, uid: NOBODY.uid });
    fill(`${path}/other`, 1);
    chmodSync(`${path}/other`, 0o644);
    await holders.start(opens(`${path}/other`));
    const { json, stderr } = await runChild(ORDINARY, [path], NOBODY);
    expect({ json, stderr }).toEqual({ json: { code: 'ERR_HUGEPAGES_PERMISSION', unreadable: true, othersHidden: false }, stderr: '' });
    expect(existsSync(`${path}/other`)).toBe(true);
  });

  // As root of a Docker container, which has a PID namespace and no CAP_LEASE, on a mount that it shares with another.
  it.each([
    ['outside of its PID namespace', ['--pid', '--mount-proc']],
    ['hidden by hidepid', ['--mount', 'sh', '-c', 'mount -t proc -o hidepid=2 proc /proc && exec "$@"', 'sh']],
  ])('removes nothing without a lease where a user may be %s', async (_, [namespace = '', ...rest]) => {
    const path = directory.path('m');
    mount({ path });
    for (const name of ['used', 'free']) {
      fill(`${path}/${name}`, 1);
      chownSync(`${path}/${name}`, NOBODY.uid, NOBODY.gid);
    }
    await holders.start(opens(`${path}/used`));
    const withoutLease = ['setpriv', '--bounding-set', '-lease', process.execPath, fileURLToPath(ORDINARY)];
    const command = ['unshare', '--fork', namespace, ...rest, ...withoutLease];
    const { stdout, stderr } = await startCli([path], { command }).result;
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ code: 'ERR_HUGEPAGES_PERMISSION', othersHidden: true });
    expect(existsSync(`${path}/used`)).toBe(true);
  });
});
