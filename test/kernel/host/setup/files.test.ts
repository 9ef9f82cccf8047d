/** The files that setup writes, in a tree of their own: what systemd and sysctl say of them, and that they come and go whole. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setup } from '../../../../lib/index.js';
import type { SetupPlan } from '../../../../lib/index.js';
import { readTree } from '../../../support/own-etc.js';
import { findProgram } from '../../../support/programs.js';
import { requires } from '../../../support/requirements.js';
import { rejectionOf } from '../../../support/thrown.js';
import { TWO_NODES } from '../../../unit/host/fixtures.js';

const SYSCTL = 'etc/sysctl.d/60-hugepages.conf';
const SETTINGS = ['nr_hugepages', 'nr_overcommit_hugepages', 'hugetlb_shm_group'];
const UNITS = 'etc/systemd/system';
const PLAN: SetupPlan = {
  pools: [
    { pageSize: '2MiB', pages: 512, overcommit: 64 },
    { pageSize: '1GiB', nodes: { 0: 2, 1: 1 } },
  ],
  mounts: [
    { path: '/dev/hugepages', uid: 1001, mode: '0770' },
    { path: '/mnt/50% huge pages-1G', pageSize: '1GiB', minSize: '1GiB' },
  ],
  shmGroup: 1001,
  thp: { enabled: 'madvise' },
};

describe('setup below another root', () => {
  let root = '';
  const file = (path: string): string => join(root, path);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'hugepages-test-'));
    cpSync(TWO_NODES.root, root, { recursive: true });
    for (const directory of ['etc/sysctl.d', UNITS, 'var/lib']) mkdirSync(file(directory), { recursive: true });
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('writes files only, and takes them back', async () => {
    const first = readTree(root);
    const { kernelParameters, steps } = await setup(PLAN, { root });
    expect(kernelParameters).toBe('hugepagesz=1G hugepages=0:2,1:1');
    expect(steps.every(({ kind }) => ['directory', 'file', 'link'].includes(kind))).toBe(true);
    const kernel = (tree: Record<string, string>): unknown => Object.entries(tree).filter(([path]) => /\/(proc|sys)\//.test(path));
    expect(kernel(readTree(root))).toEqual(kernel(first));
    const second = readTree(root);
    expect((await setup(PLAN, { root })).steps).toEqual([]);
    expect(readTree(root)).toEqual(second);
    await setup({}, { root, undo: true });
    expect(readTree(root)).toEqual(first);
  });

  it.each([
    ['the first setup', {}, PLAN],
    ['another plan', PLAN, { shmGroup: 7 }],
    ['an undo', PLAN, {}],
  ])('ends %s before the next step when it is aborted, and takes back those before', async (_, earlier: SetupPlan, plan: SetupPlan) => {
    await setup(earlier, { root });
    const first = readTree(root);
    const controller = new AbortController();
    const aborted = rejectionOf(setup(plan, { root, signal: controller.signal }));
    const steps = (): string => JSON.stringify(Object.entries(readTree(root)).filter(([path]) => path.includes('/etc/')));
    const before = steps();
    while (steps() === before) await setImmediate();
    controller.abort();
    expect(await aborted).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR' });
    expect(readTree(root)).toEqual(first);
  });

  it('says what it could not take back, which an undo then does', async () => {
    const first = readTree(root);
    const controller = new AbortController();
    const failed = rejectionOf(setup(PLAN, { root, signal: controller.signal }));
    while (!existsSync(file(SYSCTL))) await setImmediate();
    rmSync(file(SYSCTL));
    mkdirSync(file(SYSCTL));
    controller.abort();
    expect(await failed).toMatchObject({
      code: 'ERR_HUGEPAGES_SYSTEM',
      details: { left: [{ kind: 'file', path: `/${SYSCTL}` }] },
      remedy: expect.stringContaining('hugepages setup --undo') as string,
      cause: { name: 'AbortError' },
    });
    expect(JSON.parse(readFileSync(file('var/lib/hugepages/setup.json'), 'utf8'))).toMatchObject({ unfinished: true });
    rmSync(file(SYSCTL), { recursive: true });
    await setup({}, { root, undo: true });
    expect(readTree(root)).toEqual(first);
  });

  it('does nothing when it is aborted before', async () => {
    const first = readTree(root);
    expect(await rejectionOf(setup(PLAN, { root, signal: AbortSignal.abort() }))).toMatchObject({ code: 'ABORT_ERR' });
    expect(readTree(root)).toEqual(first);
  });

  it.each([0o600, 0o664])('replaces a file of others, and gives it back with its mode %o', async (mode) => {
    writeFileSync(file(SYSCTL), 'vm.nr_hugepages = 7\n');
    chmodSync(file(SYSCTL), mode);
    const first = readTree(root);
    expect((await setup(PLAN, { root })).diff).toContain('-vm.nr_hugepages = 7\n');
    await setup({}, { root, undo: true });
    expect(readTree(root)).toEqual(first);
  });

  it('makes files for everybody, whatever the umask', async () => {
    const umask = process.umask(0o077);
    try {
      await setup(PLAN, { root });
    } finally {
      process.umask(umask);
    }
    const made = ['etc/systemd/system/sysinit.target.wants', 'var/lib/hugepages', SYSCTL, 'var/lib/hugepages/setup.json'];
    expect(made.map((path) => statSync(file(path)).mode & 0o777)).toEqual([0o755, 0o755, 0o644, 0o644]);
  });

  it('makes nothing below a root that is misspelt', async () => {
    const missing = file('no such root');
    expect(await rejectionOf(setup({}, { root: missing }))).toMatchObject({ code: 'ERR_HUGEPAGES_SYSTEM', message: /setup\.lock/ });
    expect(existsSync(missing)).toBe(false);
  });

  it('names the file that has the last word at boot', async () => {
    writeFileSync(file('etc/sysctl.d/99-db.conf'), 'vm.nr_hugepages = 7\n');
    const { left } = await setup(PLAN, { root });
    expect(left).toEqual([{ path: '/etc/sysctl.d/99-db.conf', reason: expect.stringContaining('vm.nr_hugepages = 7') as string }]);
  });

  it('removes what a killed run left beside a file', async () => {
    const first = readTree(root);
    await setup(PLAN, { root });
    writeFileSync(file(`${SYSCTL}.new`), 'vm.nr_h');
    writeFileSync(file('var/lib/hugepages/setup.json.new'), '{');
    writeFileSync(file('var/lib/hugepages/setup.lock'), '');
    await setup({}, { root, undo: true });
    expect(readTree(root)).toEqual(first);
  });

  it('keeps files that others put into its directories', async () => {
    await setup(PLAN, { root });
    const other = file(`${UNITS}/local-fs.target.wants/other.mount`);
    writeFileSync(other, '');
    const { left, diff } = await setup({}, { root, undo: true });
    expect(left).toEqual([]);
    expect(diff).not.toContain('local-fs.target.wants (directory)');
    expect([existsSync(other), existsSync(file(`${UNITS}/sysinit.target.wants`))]).toEqual([true, false]);
  });

  it('does not go on with a record that it did not write', async () => {
    mkdirSync(file('var/lib/hugepages'));
    for (const text of ['', '{}', '{"items":[{"kind":"file","path":"/etc/passwd"}]}', '{"items":[{"kind":"x","path":"/","ours":[]}]}']) {
      writeFileSync(file('var/lib/hugepages/setup.json'), text);
      expect(await rejectionOf(setup(PLAN, { root }))).toMatchObject({ code: 'ERR_HUGEPAGES_SYSTEM', message: /setup\.json/ });
    }
    expect(existsSync(file(SYSCTL))).toBe(false);
  });

  it('replaces nothing but text files: neither a masked unit nor a binary file', async () => {
    for (const make of [(path: string) => symlinkSync('/dev/null', path), (path: string) => writeFileSync(path, Buffer.of(0xff))]) {
      const unit = file(`${UNITS}/dev-hugepages.mount`);
      make(unit);
      const first = readTree(root);
      expect(await rejectionOf(setup(PLAN, { root }))).toMatchObject({ code: 'ERR_HUGEPAGES_CHANGED', message: /dev-hugepages\.mount/ });
      expect(readTree(root)).toEqual(first);
      rmSync(unit);
    }
  });

  it('lets one setup run at a time', async () => {
    const results = await Promise.allSettled([setup(PLAN, { root }), setup(PLAN, { root })]);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toHaveProperty('code', 'ERR_HUGEPAGES_BUSY');
    }
    expect(results.map(({ status }) => status)).toContain('fulfilled');
    expect((await setup(PLAN, { root })).steps).toEqual([]);
  });

  requires({ program: 'systemd-analyze' }).it('writes units that systemd takes, and enables them', async () => {
    await setup(PLAN, { root });
    const names = ['hugepages-setup.service', 'dev-hugepages.mount', 'mnt-50\\x25\\x20huge\\x20pages\\x2d1G.mount'];
    const units = names.map((name) => file(`${UNITS}/${name}`));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...units], { encoding: 'utf8' });
    // It speaks of all units of the machine.
    const complaints = stderr.split('\n').filter((line) => line.includes('huge'));
    expect({ status, complaints }).toEqual({ status: 0, complaints: [] });
    if (findProgram('systemctl') === undefined) return;
    for (const name of names) {
      const enabled = spawnSync('systemctl', [`--root=${root}`, 'is-enabled', name], { encoding: 'utf8' });
      expect(enabled.stdout).toBe('enabled\n');
    }
  });

  requires({ program: 'sysctl', root: true }).it('writes settings that sysctl takes', async () => {
    // What the machine has already: they are really written.
    const [pages = 0, overcommit = 0, shmGroup = 0] = SETTINGS.map((name) => Number(readFileSync(`/proc/sys/vm/${name}`, 'utf8')));
    await setup({ pools: [{ pageSize: '2MiB', pages, overcommit }], shmGroup }, { root });
    const values = [pages, overcommit, shmGroup];
    const expected = SETTINGS.map((name, index) => `vm.${name} = ${String(values[index])}\n`).join('');
    expect(execFileSync('sysctl', ['-p', file(SYSCTL)], { encoding: 'utf8' })).toBe(expected);
    expect(readFileSync(file(SYSCTL), 'utf8')).toContain('hugepages setup --undo');
  });
});
