/** Advice of the doctor for states of this machine, and that the command of each mends it when it is pasted into a shell. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { DoctorReport } from '../../../lib/cli/doctor.js';
import { allocateSync, doctor } from '../../../lib/index.js';
import type { Finding } from '../../../lib/index.js';
import { formatSize } from '../../../lib/units.js';
import { withCgroup } from '../../support/cgroup.js';
import { CLI } from '../../support/cli.js';
import { HUGE_PAGE } from '../../support/page-sizes.js';
import { counters, setPages, withPool } from '../../support/pool.js';
import { NOBODY, requires } from '../../support/requirements.js';
import { withThp } from '../../support/thp.js';

const SIZE = formatSize(HUGE_PAGE);

function find(id: string, findings: readonly Finding[] = doctor()): Finding | undefined {
  return findings.find((finding) => finding.id === id);
}

/** Pastes what the doctor says about this, as root. */
function paste(id: string): void {
  const command = find(id)?.remedy?.command;
  if (command === undefined) throw new Error(`no command for ${id}`);
  execFileSync('sh', ['-c', command], { stdio: 'ignore' });
}

/**
 * What the doctor says before and after its command was run, in one shell: with `prepare` before, and `user` as a prefix of the doctor.
 *
 * @param enter - the command that the shell is an argument of
 */
function beforeAndAfter(id: string, prepare: string, enter: readonly string[] = [], user = ''): (Finding | undefined)[] {
  const command = `JSON.parse(fs.readFileSync(0)).findings.find(({ id }) => id === '${id}').remedy.command.replaceAll('sudo ', '')`;
  const script = `${prepare}
    doctor() { ${user} '${process.execPath}' '${CLI}' doctor --json; }
    said=$(doctor); echo "$said" | tr -d '\\n'; echo
    eval "$(echo "$said" | '${process.execPath}' -p "${command}")" >/dev/null
    doctor | tr -d '\\n'`;
  const [file, ...args] = [...enter, 'sh', '-c', script];
  const output = execFileSync(file, args, { encoding: 'utf8', cwd: '/' });
  return output.split('\n').map((line) => find(id, (JSON.parse(line) as DoctorReport).findings));
}

const none = { pageSize: HUGE_PAGE, pages: 0 };
requires({ pool: none }).describe('doctor, without pages', () => {
  withPool(none);

  it('has room made in the pool', () => {
    expect(find(`pool:${SIZE}`)).toMatchObject({ title: `The ${SIZE} pool is empty` });
    expect(find(`pool:${SIZE}`)?.level).not.toBe('ok');
    paste(`pool:${SIZE}`);
    expect(find(`pool:${SIZE}`)).toMatchObject({ level: 'ok' });
    expect(counters(HUGE_PAGE).free).toBeGreaterThan(0);
    setPages(HUGE_PAGE, 0);
  });
});

const four = { pageSize: HUGE_PAGE, pages: 4 };
requires({ pool: four }).describe('doctor, with four pages', () => {
  withPool(four);

  it('has more made when all are in use', () => {
    using region = allocateSync({ size: 4 * HUGE_PAGE, backing: ['hugetlb'] });
    expect(find(`pool:${SIZE}`)).toMatchObject({ level: 'advice', title: `The ${SIZE} pool has nothing left: all pages are in use` });
    paste(`pool:${SIZE}`);
    expect(find(`pool:${SIZE}`)).toMatchObject({ level: 'ok' });
    region.dispose();
    setPages(HUGE_PAGE, 4);
  });

  it('tells reserved pages from those in use', () => {
    using region = allocateSync({ size: 4 * HUGE_PAGE, backing: ['hugetlb'], prefault: false });
    expect(find(`pool:${SIZE}`)?.title).toBe(`The ${SIZE} pool has nothing left: what is free is reserved`);
    region.dispose();
    expect(find(`pool:${SIZE}`)?.title).toBe(`The ${SIZE} pool can give 4 pages`);
  });

  it('keeps pages that are in use in a pool that was made smaller', () => {
    using region = allocateSync({ size: 3 * HUGE_PAGE, backing: ['hugetlb'] });
    execFileSync('sh', ['-c', `echo 1 > /sys/kernel/mm/hugepages/hugepages-${String(HUGE_PAGE / 1024)}kB/nr_hugepages`]);
    expect(counters(HUGE_PAGE)).toEqual({ total: 3, free: 0, reserved: 0, surplus: 2 });
    expect(find(`pool:${SIZE}`)?.title).toContain('made smaller');
    paste(`pool:${SIZE}`);
    region.dispose();
    expect(counters(HUGE_PAGE)).toEqual({ total: 3, free: 3, reserved: 0, surplus: 0 });
    setPages(HUGE_PAGE, 4);
  });

  // A mount namespace with a /dev of its own: nothing is mounted or made outside.
  const namespace = ['unshare', '-m'];
  const ownDev = 'mount -t tmpfs none /dev && mknod -m 666 /dev/null c 1 3 && cd /';

  it('mounts a hugetlbfs where there is none', () => {
    expect(beforeAndAfter(`mount:${SIZE}`, ownDev, namespace)).toEqual([
      expect.objectContaining({ level: 'advice', title: `No hugetlbfs is mounted with ${SIZE} pages` }),
      expect.objectContaining({ level: 'ok', title: `/dev/hugepages has ${SIZE} pages` }),
    ]);
  });

  it.each([
    ['of another user', 'mount -t hugetlbfs none /mnt', 'and cannot be written to'],
    ['that is read-only', 'mount -t hugetlbfs -o ro none /mnt && chmod 777 /mnt', 'and cannot be written to'],
    ['without room', `mount -t hugetlbfs -o size=${String(HUGE_PAGE / 2)},mode=777 none /mnt`, 'and room for none'],
  ])('makes a mount %s usable', (_, mount, title) => {
    const user = mount.includes('777') ? '' : `setpriv --reuid ${String(NOBODY.uid)} --regid ${String(NOBODY.gid)} --clear-groups`;
    const prepare = mount.includes('-o ro') ? mount.replace(' && chmod 777 /mnt', '') : mount;
    expect(beforeAndAfter(`mount:${SIZE}`, prepare, namespace, user)).toEqual([
      expect.objectContaining({ level: 'advice', title: expect.stringContaining(title) as string }),
      expect.objectContaining({ level: 'ok', title: `/mnt has ${SIZE} pages` }),
    ]);
  });

  it('raises the largest segment, in an IPC namespace of its own', () => {
    expect(beforeAndAfter('shmmax', 'echo 4096 > /proc/sys/kernel/shmmax', ['unshare', '--ipc'])).toEqual([
      expect.objectContaining({ level: 'advice' }),
      undefined,
    ]);
  });
});

requires({ ordinaryUser: true, pool: none }).describe('doctor, for an ordinary user', () => {
  // A larger pool than the hard limit has the hard limit raised.
  withPool(none);

  it('lifts what may be locked', () => {
    const user = `setpriv --reuid ${String(NOBODY.uid)} --regid ${String(NOBODY.gid)} --clear-groups`;
    const [before, after] = beforeAndAfter('memlock', 'ulimit -S -l 64', [], user);
    expect(before).toMatchObject({ level: 'advice', title: 'This user may lock 64KiB of memory', remedy: { needsRoot: false } });
    expect(after).toMatchObject({ level: 'ok' });
  });
});

requires({ pool: four, cgroup: true }).describe('doctor, in a cgroup', () => {
  withPool(four);

  it.each(['max', 'rsvd.max'])('lifts its hugetlb %s', (name) => {
    const said = withCgroup(HUGE_PAGE, { [name]: HUGE_PAGE / 2 }, (enter) => beforeAndAfter(`cgroup:${SIZE}`, '', enter));
    expect(said).toEqual([
      expect.objectContaining({ level: 'problem', title: expect.stringContaining('leaves this process 0B') as string }),
      expect.objectContaining({ level: 'ok' }),
    ]);
  });
});

for (const [settings, id] of [
  [{ enabled: 'never' }, 'thp'],
  [{ enabled: 'always' }, 'thp'],
  [{ enabled: 'madvise', defrag: 'always' }, 'thp-defrag'],
  [{ enabled: 'madvise', defrag: 'never' }, 'thp-defrag'],
] as const) {
  requires({ root: true, thp: true }).describe(`doctor, with ${JSON.stringify(settings)}`, () => {
    withThp(settings);

    it('says how to have them for those who ask', () => {
      expect(find(id)).toMatchObject({ level: 'advice' });
      paste(id);
      expect(find(id)).toMatchObject({ level: 'ok' });
    });
  });
}
