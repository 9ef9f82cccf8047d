/** hugepages ledger --leaks: what is a leak, for certain, and the commands that free it. */
import { execFileSync, execSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mount } from '../../../lib/index.js';
import type { Leak, Leaks } from '../../../lib/index.js';
import { CLI, runCli, startCli } from '../../support/cli.js';
import { withCompiled } from '../../support/compiler.js';
import { opens, withHolders } from '../../support/holders.js';
import { withMountDirectory } from '../../support/mounts.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { NOBODY, requires } from '../../support/requirements.js';
import { segments } from '../../support/segments.js';
import { withArrangement } from '../inspect/arrangement.js';

const POOL = { pageSize: H, pages: 16 };
const SHIFT = String(Math.log2(H));
const SIZE = String(H);
const MOUNTS = new URL('../host/mounts/', import.meta.url);

/** What it writes as JSON, and for people. */
async function leaksSeen(command: readonly string[] = [], user: Partial<typeof NOBODY> = {}): Promise<{ seen: Leaks; text: string }> {
  const run = async (args: readonly string[]): Promise<string> => {
    const options = { command: [...command, process.execPath, CLI], ...user };
    const { code, stdout, stderr } = await startCli(['ledger', '--leaks', ...args], options).result;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  return { seen: JSON.parse(await run(['--json'])) as Leaks, text: await run([]) };
}

function pagesOf(leak: Leak): number {
  return leak.kind === 'changes' ? 0 : 2 * leak.used + leak.reserved;
}

function fill(file: string): void {
  execFileSync('fallocate', ['-l', SIZE, file]);
}

requires({ root: true, compiler: true, pool: POOL, program: 'setpriv' }).describe('hugepages ledger --leaks', () => {
  withPool(POOL);
  const directory = withMountDirectory();
  const holders = withHolders();

  it('finds what was left behind, and commands that free it', async () => {
    const path = directory.path('m n');
    mount({ path });
    await withArrangement(async (arrange) => {
      const left = [`segment,${SHIFT},3,1,left`, `segment,${SHIFT},3,2,left orphan`];
      await arrange([...left, `segment,${SHIFT},2,1,attached`, `memfd,${SHIFT},2,1,open`]);
      fill(`${path}/f`);
      const { leaks } = (await leaksSeen()).seen;
      expect([...leaks].sort((a, b) => pagesOf(b) - pagesOf(a))).toMatchObject([
        { kind: 'segment', pageSize: H, used: 2, reserved: 1, creatorEnded: true },
        { kind: 'segment', pageSize: H, used: 1, reserved: 2, creatorEnded: false, segment: { attachments: 0 } },
        { kind: 'file', pageSize: H, used: 1, reserved: 0, path: `${path}/f`, certain: true, command: `rm '${path}/f'` },
      ]);
      for (const { command } of leaks) execSync(command ?? 'false');
      expect(existsSync(`${path}/f`)).toBe(false);
      expect(segments().filter(({ attached }) => attached === 0)).toEqual([]);
      expect((await runCli(['ledger', '--leaks'])).stdout).toMatch(/^Nothing was left behind\n/);
    });
  });

  it('asks the kernel where processes may not be looked into, and leaves the file as it is', () =>
    withCompiled(new URL('map-file.c', MOUNTS), [], async (program) => {
      const path = directory.path('m');
      mount({ path });
      for (const name of ['mapped', 'open', 'free']) fill(`${path}/${name}`);
      await holders.start([program, `${path}/mapped`, SIZE]);
      await holders.start(opens(`${path}/open`));
      const before = statSync(`${path}/free`, { bigint: true });
      // Without CAP_SYS_PTRACE root may not look into processes that have more capabilities.
      const { seen, text } = await leaksSeen(['setpriv', '--bounding-set', '-sys_ptrace']);
      expect(seen.unreadable.map(({ command }) => command)).toEqual(expect.arrayContaining(['compiled', 'sh']));
      expect(seen.leaks).toMatchObject([{ path: `${path}/free`, certain: true, command: `rm ${path}/free` }]);
      expect(text).toMatch(`free: 1 used and 0 reserved pages of 2MiB, which no process maps or has open\n  rm ${path}/free\n`);
      expect(statSync(`${path}/free`, { bigint: true })).toEqual(before);
    }));

  it('frees a file whose name is not valid UTF-8', async () => {
    const path = directory.path('m');
    mount({ path });
    execFileSync('bash', ['-c', `fallocate -l ${SIZE} "$1"/$'f\\xff'`, 'bash', path]);
    const { seen, text } = await leaksSeen();
    expect(seen.leaks).toMatchObject([{ path: `${path}/f\udcff`, used: 1, certain: true }]);
    expect(text).toContain(`${path}/f\\377: 1 used`);
    execFileSync('bash', ['-c', /^ {2}rm .*$/m.exec(text)?.[0] ?? 'false']);
    expect(readdirSync(path)).toEqual([]);
  });

  it('leaves a file that only a descriptor on its way through a socket has', () =>
    withCompiled(new URL('send-file.c', MOUNTS), [], async (program) => {
      const path = directory.path('m');
      mount({ path });
      fill(`${path}/f`);
      await holders.start([program, `${path}/f`]);
      expect((await leaksSeen()).seen.leaks).toEqual([]);
    }));

  it('tells an ordinary user of the own files, and of those of others not for certain', async () => {
    const path = directory.path('m');
    mount({ path });
    for (const name of ['other', 'own-free', 'own-used']) fill(`${path}/${name}`);
    for (const name of ['own-free', 'own-used']) chownSync(`${path}/${name}`, NOBODY.uid, NOBODY.gid);
    await holders.start(opens(`${path}/own-used`));
    const { seen, text } = await leaksSeen([], NOBODY);
    const pages = { kind: 'file', pageSize: H, used: 1, reserved: 0 };
    expect(seen.leaks).toHaveLength(2);
    expect(seen.leaks).toContainEqual({ ...pages, path: `${path}/other`, certain: false });
    expect(seen.leaks).toContainEqual({ ...pages, path: `${path}/own-free`, certain: true, command: `sudo rm ${path}/own-free` });
    expect(text).toMatch(/other: .*, which no process that can be looked into maps or has open\n(?! )/);
    expect(text).toMatch(/\n\nNot seen: /);
  });

  it('reaches into other namespaces by commands that say how long they are good', async () => {
    const script = [
      'mount -t hugetlbfs -o pagesize=2M none "$1"',
      // A name that would do harm, as a line of a script or of a terminal.
      'name=$(printf "%s/it\'s\\n\\033[2J; x" "$1")',
      `fallocate -l ${SIZE} "$name"`,
      'echo ready; read line',
    ].join(' && ');
    const path = directory.path('m');
    execFileSync('mkdir', [path]);
    await holders.start(['unshare', '--mount', 'sh', '-c', script, 'sh', path]);
    await withArrangement(
      async (arrange) => {
        const [pid = 0] = await arrange([`segment,${SHIFT},3,2,left`]);
        const { seen, text } = await leaksSeen();
        expect([...seen.leaks].sort((a, b) => pagesOf(b) - pagesOf(a))).toMatchObject([
          { kind: 'segment', used: 2, creatorEnded: false, segment: { creatorPid: pid } },
          { kind: 'file', certain: true, throughPid: expect.any(Number) as number },
        ]);
        const [segment, file] = text.split(/\n(?! )/);
        expect(segment).toMatch(/; in another IPC namespace, reached while pid (\d+) runs\n {2}nsenter --ipc=\/proc\/\1\/ns\/ipc ipcrm -m/);
        expect(file).toMatch(/it's\\012\\033\[2J; x: 1 used .*; in another mount namespace, reached while pid (\d+) runs\n {2}rm '/);
        // As it is printed, and without what it warns of.
        for (const command of text.match(/^ {2}(?:rm|nsenter) .*$/gm) ?? []) execFileSync('bash', ['-c', command]);
        expect((await leaksSeen()).seen.leaks).toEqual([]);
      },
      ['unshare', '--ipc'],
    );
  });
});
