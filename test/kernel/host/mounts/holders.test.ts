/** Who uses a mount, and what unmount() says of them. */
import { spawnSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allocateSync, mount, mountHolders, mounts, unmount, unmountSync } from '../../../../lib/index.js';
import { withCompiled } from '../../../support/compiler.js';
import { isIn, opens, stop, withHolders } from '../../../support/holders.js';
import { mountCount, withMountDirectory } from '../../../support/mounts.js';
import { HUGE_PAGE as H } from '../../../support/page-sizes.js';
import { withPool } from '../../../support/pool.js';
import { requires } from '../../../support/requirements.js';
import { errorOf, rejectionOf } from '../../../support/thrown.js';

const POOL = { pageSize: H, pages: 4 };

requires({ pool: POOL, compiler: true }).describe('the users of a mount', () => {
  withPool(POOL);
  const directory = withMountDirectory();
  const holders = withHolders();

  /** A mount with a file of one page. */
  function mountWithFile(): { path: string; file: string } {
    const path = directory.path('m n');
    mount({ path });
    const file = `${path}/f g`;
    writeFileSync(file, '');
    truncateSync(file, H);
    return { path, file };
  }

  /** While a program uses it in one way: found, named by unmount(), and gone with the program. */
  async function expectHolder(path: string, command: readonly string[], use: { kind: string; path: string }): Promise<void> {
    const child = await holders.start(command);
    const expected = [expect.objectContaining({ pid: child.pid, uses: [expect.objectContaining(use)] })];
    expect((await mountHolders(path)).processes).toEqual(expected);
    const error = await rejectionOf(unmount(path));
    expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_BUSY', errno: -16, syscall: 'umount2', details: { path, processes: expected } });
    expect(String(error)).toContain(`(pid ${String(child.pid)}, ${use.kind}: ${use.path})`);
    expect(errorOf(() => unmountSync(path))).toMatchObject({
      code: 'ERR_HUGEPAGES_BUSY',
      remedy: expect.stringContaining(`hugepages mount holders '${path}'`) as string,
    });
    expect(mountCount(path.replace(' ', '\\040'))).toBe(1);
    await stop(child);
    expect((await mountHolders(path)).processes).toEqual([]);
    expect((await unmount(path)).unmounted).toBe(true);
  }

  it('maps a file and has closed it', () =>
    withCompiled(new URL('map-file.c', import.meta.url), [], async (program) => {
      const { path, file } = mountWithFile();
      await expectHolder(path, [program, file, String(H)], { kind: 'mapped', path: file });
    }));

  it('has a file open', async () => {
    const { path, file } = mountWithFile();
    await expectHolder(path, opens(file), { kind: 'open', path: file });
  });

  it('has it as its working directory', async () => {
    const { path } = mountWithFile();
    await expectHolder(path, isIn(path), { kind: 'cwd', path });
  });

  it('uses it through another mount of the same files, which keeps neither busy', async () => {
    const { path } = mountWithFile();
    const bound = directory.path('bound');
    spawnSync('mkdir', [bound]);
    spawnSync('mount', ['--bind', path, bound]);
    const child = await holders.start(opens(`${bound}/f g`));
    const expected = [expect.objectContaining({ pid: child.pid, uses: [expect.objectContaining({ kind: 'open', path: `${bound}/f g` })] })];
    expect((await mountHolders(path)).processes).toEqual(expected);
    expect((await unmount(path)).unmounted).toBe(true);
    expect((await mountHolders(bound)).processes).toEqual(expected);
  });

  it('is this process itself', async () => {
    const path = directory.path('own');
    mount({ path });
    using region = allocateSync({ size: H, source: 'file', path });
    const remedy = expect.stringContaining("Dispose this process's regions") as string;
    expect(await rejectionOf(unmount(path))).toMatchObject({ code: 'ERR_HUGEPAGES_BUSY', remedy });
    region.dispose();
    expect((await unmount(path)).unmounted).toBe(true);
  });

  it('is another mount below', async () => {
    const { path } = mountWithFile();
    const below = `${path}/below`;
    mount({ path: below });
    const error = await rejectionOf(unmount(path));
    expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_BUSY', details: { mountsBelow: [below] } });
    expect(String(error)).toContain(`Unmount first what is mounted below: '${below}'`);
  });

  it('unmount: in a dry run does nothing', async () => {
    const { path } = mountWithFile();
    const before = mounts();
    expect(await unmount(path, { dryRun: true })).toMatchObject({ unmounted: false, command: `umount '${path}'` });
    expect(mounts()).toEqual(before);
  });

  it('unmount: only hugetlbfs, and only where it is mounted', async () => {
    const path = directory.path('t');
    spawnSync('mkdir', [path]);
    spawnSync('mount', ['-t', 'tmpfs', 'none', path]);
    for (const other of [path, directory.path('none'), directory.path('')]) {
      expect(await rejectionOf(unmount(other))).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MOUNT' });
    }
    expect(spawnSync('mountpoint', ['-q', path]).status).toBe(0);
  });

  it('unmount: the uppermost of several, and none below another file system', () => {
    const path = directory.path('m');
    mount({ path });
    spawnSync('mount', ['-t', 'hugetlbfs', 'none', path]);
    expect(mounts().filter(({ mountPoint }) => mountPoint === path).map(({ hidden }) => hidden)).toEqual([true, false]);
    unmountSync(path);
    expect(mountCount(path)).toBe(1);
    spawnSync('mount', ['-t', 'tmpfs', 'none', path]);
    expect(mounts().find(({ mountPoint }) => mountPoint === path)?.hidden).toBe(true);
    expect(errorOf(() => unmountSync(path))).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MOUNT' });
    expect(mountCount(path)).toBe(1);
  });
});
