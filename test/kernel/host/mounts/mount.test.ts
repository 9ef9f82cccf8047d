/** mount() and ensureMount(): what the kernel makes of each option, to the page. */
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, lstatSync, mkdirSync, statfsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ensureMount, mount, mounts, mountUsage, unmountSync } from '../../../../lib/index.js';
import { mountCount, withMountDirectory } from '../../../support/mounts.js';
import { HUGE_PAGE as H, HUGE_PAGES } from '../../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../../support/pool.js';
import { requires } from '../../../support/requirements.js';
import { errorOf } from '../../../support/thrown.js';

const POOL = { pageSize: H, pages: 8 };

requires({ pool: POOL }).describe('mount, on a pool of eight pages', () => {
  withPool(POOL);
  const directory = withMountDirectory();

  it('mounts with every option, and says what the kernel lists', () => {
    const path = directory.path('all of it');
    const result = mount({ path, size: 6 * H, minSize: 2 * H, nrInodes: 5, uid: 1001, gid: 1002, mode: '1770' });
    expect(result).toMatchObject({ mounted: true, createdDirectories: [path] });
    expect(result.mount).toEqual(mounts().find(({ mountPoint }) => mountPoint === path));
    const limits = { pageSize: H, size: 6 * H, minSize: 2 * H, nrInodes: 5, uid: 1001, gid: 1002, mode: 0o1770, hidden: false, root: '/' };
    expect(result.mount).toMatchObject(limits);
    expect(result.mount?.options).toEqual(expect.arrayContaining(['rw', 'nosuid', 'nodev']));
    const { uid, gid, mode } = statSync(path);
    expect({ uid, gid, mode: mode & 0o7777 }).toEqual({ uid: 1001, gid: 1002, mode: 0o1770 });
  });

  it('reserves the pages of minSize as long as it lasts', () => {
    const before = allCounters();
    const path = directory.path('m');
    mount({ path, minSize: 3 * H });
    expect(delta(before)).toEqual({ [H]: { reserved: 3 } });
    writeFileSync(`${path}/f`, '');
    expect(delta(before)).toEqual({ [H]: { reserved: 3 } });
    unmountSync(path);
    expect(delta(before)).toEqual({});
  });

  it('takes percentages of the pool, rounded down to pages', () => {
    const before = allCounters();
    const { mount: made } = mount({ path: directory.path('m'), size: '70%', minSize: '25%' });
    expect(made).toMatchObject({ size: 5 * H, minSize: 2 * H });
    expect(delta(before)).toEqual({ [H]: { reserved: 2 } });
  });

  it('makes missing directories, and none when the pool cannot reserve minSize', () => {
    const before = allCounters();
    const path = directory.path('a/b/c');
    expect(errorOf(() => mount({ path, minSize: 9 * H }))).toMatchObject({
      ...{ code: 'ERR_HUGEPAGES_NO_MEMORY', errno: -12, syscall: 'mount' },
      details: { path, neededPages: 9 },
      remedy: expect.stringContaining('nr_hugepages') as string,
    });
    expect(existsSync(directory.path('a'))).toBe(false);
    expect(delta(before)).toEqual({});
    expect(mount({ path }).createdDirectories).toEqual(['a', 'a/b', 'a/b/c'].map((name) => directory.path(name)));
  });

  it('leaves a directory that was there, also when it fails', () => {
    const path = directory.path('m');
    mkdirSync(path);
    expect(() => mount({ path, minSize: 9 * H })).toThrow();
    expect(lstatSync(path).isDirectory()).toBe(true);
    expect(mount({ path }).createdDirectories).toEqual([]);
  });

  it.each(HUGE_PAGES)('mounts pages of %d bytes', (pageSize) => {
    const path = directory.path('m');
    expect(mount({ path, pageSize }).mount).toMatchObject({ pageSize });
    expect(statfsSync(path).bsize).toBe(pageSize);
  });

  it('refuses a page size that the machine does not have, and a share of no page', () => {
    const path = directory.path('m');
    const available = HUGE_PAGES;
    expect(errorOf(() => mount({ path, pageSize: 3 * H }))).toMatchObject({ code: 'ERR_HUGEPAGES_PAGE_SIZE', details: { available } });
    expect(errorOf(() => mount({ path, size: '12%' }))).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MEMORY', details: { neededPages: 9 } });
    expect(existsSync(path)).toBe(false);
  });

  it('says what helps where no directory can be made', () => {
    const readOnly = directory.path('ro');
    mkdirSync(readOnly);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'none', readOnly]);
    expect(errorOf(() => mount({ path: `${readOnly}/m` }))).toMatchObject({
      ...{ code: 'ERR_HUGEPAGES_PERMISSION', syscall: 'mkdir' },
      remedy: 'Name a directory on a file system that can be written',
    });
    expect(errorOf(() => mount({ path: '/proc/none/m' }))).toMatchObject({ code: 'ERR_HUGEPAGES_SYSTEM', remedy: undefined });
  });

  it('does nothing in a dry run, and names the command', () => {
    const path = directory.path("it's");
    const { mount: none, mounted, command } = mount({ path, size: '50%', mode: 0o700, dryRun: true });
    expect({ none, mounted }).toEqual({ none: undefined, mounted: false });
    expect(command).toContain(`size=50%,mode=700 hugetlbfs '${path.replace("'", "'\\''")}'`);
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    ['a symbolic link', (path: string) => symlinkSync(directory.path(''), path), 'is a symbolic link'],
    ['a file', (path: string) => writeFileSync(path, ''), 'is not a directory'],
    ['below a file', (path: string) => writeFileSync(path, ''), 'is not a directory', '/m'],
    ['not empty', (path: string) => mkdirSync(`${path}/x`, { recursive: true }), 'is not empty'],
  ])('refuses a path that is %s', (_, make, message, below = '') => {
    const path = directory.path('m');
    make(path);
    for (const dryRun of [true, false]) {
      const error = errorOf(() => mount({ path: path + below, dryRun }));
      expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_MOUNT_POINT', details: { path: path + below } });
      expect(String(error)).toContain(message);
    }
    expect(mountCount(path)).toBe(0);
  });

  it('refuses a directory where hugetlbfs is mounted already', () => {
    const path = directory.path('m');
    mount({ path });
    expect(errorOf(() => mount({ path }))).toMatchObject({ code: 'ERR_HUGEPAGES_MOUNTED' });
    expect(mountCount(path)).toBe(1);
  });

  it('resolves links on the way to the directory', () => {
    mkdirSync(directory.path('real'));
    symlinkSync('real', directory.path('link'));
    expect(mount({ path: directory.path('link/m') }).mount?.mountPoint).toBe(directory.path('real/m'));
    expect(ensureMount({ path: directory.path('link/m') }).mounted).toBe(false);
    expect(unmountSync(directory.path('link/m')).unmounted).toBe(true);
  });

  it('ensureMount: mounts once, and is content with what it finds when that is what was asked for', () => {
    const options = { path: directory.path('m'), size: 4 * H, minSize: '25%', nrInodes: 9, uid: 5, gid: 6, mode: 0o750 };
    expect(ensureMount(options)).toMatchObject({ mounted: true });
    const { mount: found, mounted } = ensureMount(options);
    expect({ mounted, found }).toEqual({ mounted: false, found: mounts().find(({ mountPoint }) => mountPoint === options.path) });
    expect(ensureMount({ path: options.path }).mounted).toBe(false);
    expect(mountCount(options.path)).toBe(1);
    const nothingKept = { path: directory.path('n'), minSize: 0 };
    mount({ path: nothingKept.path });
    expect(ensureMount(nothingKept).mounted).toBe(false);
  });

  it('ensureMount: names each option that differs, and changes nothing', () => {
    const path = directory.path('m');
    mount({ path, size: 4 * H, mode: 0o750 });
    chownSync(path, 7, 0);
    const before = mounts();
    const error = errorOf(() => ensureMount({ path, size: 2 * H, minSize: H, nrInodes: 3, uid: 5, gid: 0, mode: 0o700 }));
    expect(error).toMatchObject({
      code: 'ERR_HUGEPAGES_MOUNTED',
      details: {
        path,
        differences: [
          { option: 'size', wanted: 2 * H, found: 4 * H },
          { option: 'minSize', wanted: H, found: 0 },
          { option: 'nrInodes', wanted: 3, found: undefined },
          { option: 'uid', wanted: 5, found: 7 },
          { option: 'mode', wanted: 0o700, found: 0o750 },
        ],
      },
      remedy: expect.stringContaining(`umount ${path}`) as string,
    });
    expect(String(error)).toContain('mode is 750 and not 700');
    expect(mounts()).toEqual(before);
  });

  it('mountUsage: agrees with statfs, and knows what has no limit', () => {
    const path = directory.path('m');
    mount({ path, size: 4 * H, nrInodes: 6 });
    writeFileSync(`${path}/f`, '');
    const { blocks, bfree, files, ffree } = statfsSync(path);
    expect(mountUsage(path)).toMatchObject({
      pageSize: H,
      pages: { total: blocks, free: bfree, used: 0 },
      inodes: { total: files, free: ffree, used: 2 },
    });
    unmountSync(path);
    mount({ path, minSize: H, nrInodes: 6 });
    expect(mountUsage(path)).toMatchObject({ pages: undefined, inodes: { total: 6, free: 5, used: 1 } });
    unmountSync(path);
    mount({ path, nrInodes: 6 });
    expect(mountUsage(path)).toMatchObject({ pages: undefined, inodes: { total: 6, free: undefined, used: undefined } });
  });

  it('does what its command does when that is pasted into a shell', () => {
    const options = { path: directory.path("it's $HOME"), size: '50%', minSize: H, nrInodes: 4, uid: 5, gid: 6, mode: '750' };
    execFileSync('sh', ['-c', mount({ ...options, dryRun: true }).command]);
    expect(ensureMount(options)).toMatchObject({ mounted: false, mount: { mountPoint: options.path } });
  });
});
