/** findMount(): acceptance case 11 on this kernel, access rights and room. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { allocateSync, ensureMount, explain, findMount, mount, mountUsage, unmountSync } from '../../../../lib/index.js';
import { ADDON } from '../../../support/addon.js';
import { runChild } from '../../../support/child.js';
import { startCli } from '../../../support/cli.js';
import { withMountDirectory } from '../../../support/mounts.js';
import { HUGE_PAGE as H, HUGE_PAGES } from '../../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../../support/pool.js';
import { NOBODY, requires } from '../../../support/requirements.js';
import { errorOf } from '../../../support/thrown.js';

const POOL = { pageSize: H, pages: 4 };
const ORDINARY = new URL('children/ordinary-user.mjs', import.meta.url);
const MANY = new URL('children/many-mounts.mjs', import.meta.url);
const PASTE = new URL('children/paste-remedy.mjs', import.meta.url);

// On a page size that the machine has not mounted by itself.
requires({ pool: POOL, noMount: H, ordinaryUser: true }).describe('findMount', () => {
  withPool(POOL);
  const directory = withMountDirectory();

  it('says how to mount when there is none, and that command makes one', () => {
    const error = errorOf(() => findMount(H));
    expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MOUNT', details: { pageSize: H, mounts: [] } });
    const { command } = (error as { details: { command: string } }).details;
    expect(String(error)).toContain(`Mount one: ${command}`);
    // The command with a directory of this test.
    const path = directory.path('m');
    expect(spawnSync('sh', ['-c', command.replaceAll(/\/mnt\/\S+/g, path)]).status).toBe(0);
    expect(findMount(H).mountPoint).toBe(path);
    expect(ensureMount({ path, pageSize: H }).mounted).toBe(false);
  });

  it('takes the first of the page size that a path leads to and that has room', () => {
    for (const pageSize of HUGE_PAGES) if (pageSize !== H) mount({ path: directory.path(`other-${String(pageSize)}`), pageSize });
    mount({ path: directory.path('hidden/m') });
    spawnSync('mount', ['-t', 'tmpfs', 'none', directory.path('hidden')]);
    mount({ path: directory.path('small'), size: 2 * H });
    mount({ path: directory.path('no-files'), nrInodes: 1, size: 4 * H });
    mount({ path: directory.path('large') });
    spawnSync('mount', ['-t', 'hugetlbfs', '-o', 'ro', 'none', mountPoint('read-only')]);
    expect(findMount().mountPoint).toBe(directory.path('small'));
    expect(findMount(H, { size: 2 * H }).mountPoint).toBe(directory.path('small'));
    expect(findMount(H, { size: 2 * H + 1 }).mountPoint).toBe(directory.path('large'));
    spawnSync('fallocate', ['-l', String(2 * H), directory.path('small/f')]);
    expect(findMount(H).mountPoint).toBe(directory.path('large'));
    expect(findMount(H, { writable: false }).mountPoint).toBe(directory.path('small'));
    unmountSync(directory.path('large'));
    expect(errorOf(() => findMount(H))).toMatchObject({
      code: 'ERR_HUGEPAGES_NO_MOUNT',
      details: {
        mounts: expect.arrayContaining([
          { mountPoint: directory.path('hidden/m'), reason: 'is hidden by another mount' },
          { mountPoint: directory.path('small'), reason: 'has 0 of its 2 pages free' },
          { mountPoint: directory.path('no-files'), reason: 'has all its 1 inodes in use' },
          { mountPoint: directory.path('read-only'), reason: 'is mounted read-only' },
        ]) as unknown,
      },
    });
  });

  it('takes one that may forget what it keeps only where there is no other, and the diagnosis says so', () => {
    const [both, plain] = [directory.path('both'), directory.path('plain')];
    mount({ path: both, size: 8 * H, minSize: 2 * H });
    mount({ path: plain, size: 8 * H });
    expect(findMount(H).mountPoint).toBe(plain);
    using region = allocateSync({ size: H, source: 'file' });
    expect([region.source, mountUsage(plain).pages?.used]).toEqual(['file', 1]);
    region.dispose();
    unmountSync(plain);
    expect(findMount(H).mountPoint).toBe(both);
    const before = allCounters();
    const options = { size: 6 * H, source: 'file', prefault: false } as const;
    const expected = [{ code: 'pool-too-small' }, { code: 'mount-forgets', details: { mountPoint: both, size: 8 * H, minSize: 2 * H } }];
    try {
      expect(explain({ ...options, size: 3 * H })).toMatchObject({ possible: true, candidates: [{ reasons: [] }] });
      expect(explain(options).candidates).toMatchObject([{ possible: false, reasons: expected }]);
      expect(errorOf(() => allocateSync(options))).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MEMORY', details: { reasons: expected } });
    } finally {
      // What the remedy says. Without it the unmount would take pages from whoever has reservations.
      allocateSync({ ...options, size: 2 * H }).dispose();
    }
    expect(delta(before)).toEqual({});
  });

  it('finds the one among thousands, under a name that has to be escaped', async () => {
    const others = HUGE_PAGES.find((pageSize) => pageSize !== H) ?? H;
    const child = [process.execPath, fileURLToPath(MANY), directory.path(''), ADDON, String(H), String(others)];
    const { stdout, stderr } = await startCli([], { command: ['unshare', '--mount', ...child] }).result;
    const path = directory.path('the one\nof them');
    expect({ stderr, ...(JSON.parse(stdout) as object) }).toEqual({ stderr: '', wanted: path, found: path, missing: 0 });
  });

  it('says how to mount where that hides none of those that will not do', async () => {
    const command = ['unshare', '--mount', process.execPath, fileURLToPath(PASTE), String(H)];
    const { stdout, stderr } = await startCli([], { command }).result;
    expect({ stderr, ...(JSON.parse(stdout) as object) }).toEqual({ stderr: '', hidden: [false, false], found: '/mnt/large' });
  });

  it('passes by one that shows a directory which was removed: no file can be made there', () => {
    const [path, bound] = [directory.path('m'), mountPoint('bound')];
    mount({ path, nrInodes: 2, size: H });
    mkdirSync(`${path}/sub`);
    spawnSync('mount', ['--bind', `${path}/sub`, bound]);
    rmdirSync(`${path}/sub`);
    const ruledOut = [
      { mountPoint: path, reason: 'has all its 2 inodes in use' },
      { mountPoint: bound, reason: 'shows a directory that was removed' },
    ];
    expect(errorOf(() => findMount(H))).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MOUNT', details: { mounts: ruledOut } });
    expect(errorOf(() => writeFileSync(`${bound}/f`, ''))).toMatchObject({ code: 'ENOENT' });
  });

  function mountPoint(name: string): string {
    const path = directory.path(name);
    spawnSync('mkdir', [path]);
    return path;
  }

  it('honours what an ordinary user may do; mounting is refused to him with a command, and nothing is left', async () => {
    mount({ path: directory.path('private'), mode: 0o700 });
    mount({ path: directory.path('readable'), mode: 0o755 });
    const closed = directory.path('closed');
    mount({ path: `${closed}/m` });
    spawnSync('chmod', ['700', closed]);
    const first = await runChild(ORDINARY, [directory.path('new/m'), H, `${closed}/m`], NOBODY);
    expect(first.json).toMatchObject({
      read: directory.path('readable'),
      write: { code: 'ERR_HUGEPAGES_NO_MOUNT', remedy: expect.stringMatching(/sudo mkdir .*uid=65534,gid=65534/) as string },
      mount: { code: 'ERR_HUGEPAGES_PERMISSION', syscall: 'mkdir', remedy: expect.stringContaining('sudo mount -t hugetlbfs') as string },
      dryRun: false,
      ensure: { code: 'ERR_HUGEPAGES_PERMISSION', syscall: 'lstat', remedy: 'Run as root' },
    });
    mount({ path: directory.path('own'), uid: NOBODY.uid });
    spawnSync('chmod', ['777', directory.path('')]);
    const second = await runChild(ORDINARY, [directory.path('new/m'), H], NOBODY);
    expect(second.json).toMatchObject({
      write: directory.path('own'),
      mount: { code: 'ERR_HUGEPAGES_PERMISSION', syscall: 'mount', remedy: expect.stringContaining('CAP_SYS_ADMIN') as string },
      left: false,
      unmount: { code: 'ERR_HUGEPAGES_PERMISSION', syscall: 'umount2' },
    });
    writeFileSync(directory.path('own/f'), '');
  });
});
