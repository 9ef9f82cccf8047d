/** setup on the running kernel; its files go to an /etc of the test's own. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterEach, expect, it as plainIt } from 'vitest';
import { runCli } from '../../../support/cli.js';
import { readMachine } from '../../../support/machine-settings.mjs';
import { withOwnEtc } from '../../../support/own-etc.js';
import { HUGE_PAGE } from '../../../support/page-sizes.js';
import { counters } from '../../../support/pool.js';
import { NOBODY, requires } from '../../../support/requirements.js';

const SIZE = String(HUGE_PAGE);
const SHM_GROUP = '/proc/sys/vm/hugetlb_shm_group';
const THP = '/sys/kernel/mm/transparent_hugepage/enabled';
const NODE0_POOL = `/sys/devices/system/node/node0/hugepages/hugepages-${String(HUGE_PAGE / 1024)}kB/nr_hugepages`;
const OVERCOMMIT = `/sys/kernel/mm/hugepages/hugepages-${String(HUGE_PAGE / 1024)}kB/nr_overcommit_hugepages`;

requires({ pool: { pageSize: HUGE_PAGE, pages: 16 }, thp: true }).describe('hugepages setup', () => {
  const own = withOwnEtc();
  const state = (): unknown => [readMachine(), own.files(), own.mounts()];
  const mountPoint = (): string => `${own.directory}/mnt/huge`;
  const plan = (): string[] => [
    ...['--pool', `${SIZE}=8`, '--overcommit', `${SIZE}=4`, '--shm-group', '4711', '--thp', 'always'],
    ...['--mount', `${mountPoint()},uid=65534,mode=0770`],
  ];

  afterEach(async () => {
    expect(await own.setup('--undo')).toMatchObject({ code: 0, stderr: '' });
  });

  plainIt('does now what it writes for the next boot, finds nothing to do then, and takes all of it back', async () => {
    const first = state();
    expect(await own.setup(...plan())).toMatchObject({ code: 0, stderr: '' });
    expect(counters(HUGE_PAGE)).toEqual({ total: 8, free: 8, reserved: 0, surplus: 0 });
    expect(readFileSync(OVERCOMMIT, 'utf8').trim()).toBe('4');
    expect(readFileSync(SHM_GROUP, 'utf8').trim()).toBe('4711');
    expect(readFileSync('/sys/kernel/mm/transparent_hugepage/enabled', 'utf8')).toContain('[always]');
    expect(own.mounts()).toEqual([expect.stringMatching(/\/mnt\/huge .*uid=65534.*mode=770/)]);

    const second = state();
    expect(await own.setup(...plan())).toMatchObject({ code: 0, stdout: 'Nothing to do\n' });
    expect(state()).toEqual(second);

    expect((await own.setup('--undo')).code).toBe(0);
    expect(state()).toEqual(first);
    expect(await own.setup('--undo')).toMatchObject({ code: 0, stdout: 'Nothing to do\n' });
  });

  plainIt('changes nothing in a dry run, which says the same as the run', async () => {
    const first = state();
    const dry = await own.setup(...plan(), '--dry-run', '--json');
    expect(state()).toEqual(first);
    const run = await own.setup(...plan(), '--json');
    expect(JSON.parse(run.stdout)).toEqual({ ...(JSON.parse(dry.stdout) as object), dryRun: false });
  });

  plainIt('takes back what a new plan no longer names', async () => {
    await own.setup(...plan());
    await own.setup('--pool', `${SIZE}@0=3`);
    expect(counters(HUGE_PAGE).total).toBe(3);
    expect(readFileSync(SHM_GROUP, 'utf8').trim()).not.toBe('4711');
    expect(own.mounts()).toEqual([]);
    const names = Object.keys(own.files()).map((path) => basename(path));
    expect(names.filter((name) => /\.(conf|mount|service)$/.test(name))).toEqual(['hugepages-setup.service', 'hugepages-setup.service']);
  });

  plainIt('changes the owner of a mount that others made, and gives it back', async () => {
    mkdirSync(mountPoint(), { recursive: true });
    own.inside('mount', '-t', 'hugetlbfs', '-o', `pagesize=${SIZE}`, 'hugetlbfs', mountPoint());
    const owner = (): string => own.inside('stat', '-c', '%u:%g %a', mountPoint());
    expect((await own.setup(...plan())).code).toBe(0);
    expect(owner()).toBe('65534:0 770\n');
    expect((await own.setup(...plan())).stdout).toBe('Nothing to do\n');
    expect((await own.setup('--undo')).code).toBe(0);
    expect(owner()).toBe('0:0 755\n');
    own.inside('umount', mountPoint());
  });

  plainIt('takes nothing back that others changed since, and names it', async () => {
    await own.setup(...plan());
    const file = `${own.directory}/etc/sysctl.d/60-hugepages.conf`;
    writeFileSync(file, 'edited = 1\n');
    const { code, stdout } = await own.setup('--undo');
    expect({ code, text: readFileSync(file, 'utf8') }).toEqual({ code: 1, text: 'edited = 1\n' });
    expect(stdout).toMatch(/ {2}\/etc\/sysctl\.d\/60-hugepages\.conf: it was changed since.*run: sudo hugepages setup --undo/);
    expect(await own.setup(...plan())).toMatchObject({ code: 1, stderr: expect.stringContaining('was edited since') as string });
    rmSync(file);
    expect(await own.setup('--undo')).toMatchObject({ code: 0, stdout: 'Nothing to do\n' });
  });

  plainIt('names a mount in use, and takes it back when it is free', async () => {
    const first = state();
    await own.setup('--mount', mountPoint());
    const [nsenter = '', ...enter] = own.enter('sh', '-c', 'cd "$1" && echo ready && exec cat', 'sh', mountPoint());
    const holder = spawn(nsenter, enter, { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    const { code, stdout } = await own.setup('--undo');
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/Left alone\n {2}\S+\/mnt\/huge: .*EBUSY/) as string });
    expect(stdout).not.toContain(`--- ${mountPoint()}`);
    holder.stdin.end();
    await once(holder, 'exit');
    expect((await own.setup('--undo')).code).toBe(0);
    expect(state()).toEqual(first);
  });

  plainIt('leaves nothing half done when a step fails', async () => {
    const first = state();
    // Reserves more pages than the pool has, which only mount(2) finds out.
    const mount = `${mountPoint()},min_size=${String(9 * HUGE_PAGE)}`;
    const { code, stderr } = await own.setup('--pool', `${SIZE}=8`, '--thp', 'always', '--mount', mount);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('ENOMEM') as string });
    expect(state()).toEqual(first);

    // And what an earlier plan had made, which the failed one had begun to take back.
    await own.setup(...plan());
    const second = state();
    expect((await own.setup('--pool', `${SIZE}=8`, '--mount', `${own.directory}/other,min_size=${String(9 * HUGE_PAGE)}`)).code).toBe(1);
    expect(state()).toEqual(second);
    expect((await own.setup(...plan())).stdout).toBe('Nothing to do\n');
  });

  plainIt.each(['/etc', '/sys'])('leaves nothing, and no record of anything, where %s is read-only', async (path) => {
    const first = state();
    own.inside('mount', '-o', 'remount,bind,ro', path);
    try {
      const { code, stderr } = await own.setup(...plan());
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('EROFS') as string });
      expect(state()).toEqual(first);
    } finally {
      own.inside('mount', '-o', 'remount,bind,rw', path);
    }
  });

  plainIt('writes a unit that does at boot what was done now', async () => {
    await own.setup('--pool', `${SIZE}@0=5`, '--thp', 'always');
    const wanted = readMachine();
    const unit = readFileSync(`${own.directory}/etc/systemd/system/hugepages-setup.service`, 'utf8');
    const [, script = ''] = /^ExecStart=\/bin\/sh -c '([^']+)'$/m.exec(unit.replaceAll('\\\n', ' ')) ?? [];
    writeFileSync(NODE0_POOL, '1');
    writeFileSync(THP, 'never');
    execFileSync('/bin/sh', ['-c', script.replaceAll('$$', '$')]);
    expect(readMachine()).toEqual(wanted);

    // A file that this boot's kernel lacks fails the unit, and keeps nothing else from being written.
    writeFileSync(THP, 'never');
    const { status } = spawnSync('/bin/sh', ['-c', script.replaceAll('$$', '$').replace('/node0/', '/node1023/')]);
    expect([status, readMachine()]).toEqual([1, wanted]);
  });

  plainIt('leaves a mount alone that others made in the place of its own', async () => {
    const first = state();
    const mount = `${mountPoint()},size=${String(2 * HUGE_PAGE)}`;
    await own.setup('--mount', mount);
    own.inside('umount', mountPoint());
    own.inside('mount', '-t', 'hugetlbfs', '-o', `pagesize=${SIZE},size=${SIZE}`, 'hugetlbfs', mountPoint());
    const theirs = own.mounts();
    expect(await own.setup('--mount', mount)).toMatchObject({ code: 1, stderr: expect.stringContaining('other options') as string });
    const { stdout } = await own.setup('--undo');
    expect(stdout).toContain(`${mountPoint()}: it was changed since, to pagesize=2M,size=2M,`);
    expect(stdout).not.toContain(`--- ${mountPoint()} (directory)`);
    expect(own.mounts()).toEqual(theirs);
    own.inside('umount', mountPoint());
    expect((await own.setup('--undo')).code).toBe(0);
    expect(state()).toEqual(first);
  });

  plainIt('mounts where others have unmounted a mount of which it had changed the owner', async () => {
    mkdirSync(mountPoint(), { recursive: true });
    own.inside('mount', '-t', 'hugetlbfs', '-o', `pagesize=${SIZE}`, 'hugetlbfs', mountPoint());
    await own.setup(...plan());
    own.inside('umount', mountPoint());
    expect(await own.setup(...plan())).toMatchObject({ code: 0, stderr: '' });
    expect(own.mounts()).toEqual([expect.stringMatching(/uid=65534.*mode=770/)]);
  });

  plainIt('mounts twice below one new directory, and changes the owner of its own mounts without unmounting them', async () => {
    const mounts = (uid: number): string[] => ['a', 'b'].flatMap((name) => ['--mount', `${own.directory}/mnt/${name},uid=${String(uid)}`]);
    expect(await own.setup(...mounts(1))).toMatchObject({ code: 0, stderr: '' });
    own.inside('touch', `${own.directory}/mnt/a/file`);
    expect(await own.setup(...mounts(2))).toMatchObject({ code: 0, stderr: '' });
    expect(own.inside('stat', '-c', '%u', `${own.directory}/mnt/a`, `${own.directory}/mnt/a/file`)).toBe('2\n0\n');
  });
});

requires({ ordinaryUser: true }).it('hugepages setup shows an ordinary user what it would do, and refuses to do it', async () => {
  const before = readMachine();
  const plan = ['setup', '--pool', `${SIZE}=${String(counters(HUGE_PAGE).total + 3)}`];
  expect(await runCli([...plan, '--dry-run'], { ...NOBODY, cwd: '/' })).toMatchObject({ code: 0, stderr: '' });
  const { code, stderr } = await runCli(plan, { ...NOBODY, cwd: '/' });
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/EACCES.*Run as root/) as string });
  expect(readMachine()).toEqual(before);
});
