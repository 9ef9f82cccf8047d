/** What processAccount() says of processes that hold known pages, against smaps and numastat(8). */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { allocateSync, mount, processAccount, processes } from '../../../lib/index.js';
import type { HugePageUse, ProcessAccount } from '../../../lib/index.js';
import { withHolders } from '../../support/holders.js';
import { parseMappings } from '../../support/kernel-text.js';
import type { Mapping } from '../../support/kernel-text.js';
import { withMountDirectory } from '../../support/mounts.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { rejectionOf } from '../../support/thrown.js';
import { withArrangement } from './arrangement.js';

const HOLDS = fileURLToPath(new URL('children/holds.mjs', import.meta.url));
const GIGANTIC = 2 ** 30;
const SMALL_POOL = { pageSize: H, pages: 12 };
const GIGANTIC_POOL = { pageSize: GIGANTIC, pages: 1 };

function holds(what: { allocate?: readonly object[]; attach?: readonly object[] }): string[] {
  return [process.execPath, HOLDS, JSON.stringify(what)];
}

function smapsOf(pid: number): Mapping[] {
  return parseMappings(readFileSync(`/proc/${String(pid)}/smaps`, 'utf8'));
}

function sum(mappings: readonly Mapping[], field: string): number {
  return mappings.reduce((bytes, mapping) => bytes + (mapping.bytes.get(field) ?? 0), 0);
}

/** The use of some mappings by the test's own reader, on a machine with one node. */
function useIn(mappings: readonly Mapping[]): HugePageUse {
  const pageSizes = new Set(mappings.flatMap(({ bytes, flags }) => (flags.includes('ht') ? (bytes.get('KernelPageSize') ?? 0) : [])));
  const hugetlb = [...pageSizes].sort((a, b) => a - b).map((pageSize) => {
    const own = mappings.filter(({ bytes, flags }) => flags.includes('ht') && bytes.get('KernelPageSize') === pageSize);
    const [privateBytes, sharedBytes] = [sum(own, 'Private_Hugetlb'), sum(own, 'Shared_Hugetlb')];
    return { pageSize, privateBytes, sharedBytes, nodes: [{ node: 0, bytes: privateBytes + sharedBytes }] };
  });
  const bytes = (field: string): number => sum(mappings, field);
  const thp = { anonHugePages: bytes('AnonHugePages'), shmemPmdMapped: bytes('ShmemPmdMapped'), filePmdMapped: bytes('FilePmdMapped') };
  return { hugetlb, ...thp };
}

/** The account, in all and by mapping, is what smaps says, and so is the shorter one among those of all processes. */
async function expectAsInSmaps(account: ProcessAccount): Promise<void> {
  const smaps = smapsOf(account.pid);
  expect(account).toMatchObject(useIn(smaps));
  // Of pages that are no huge ones it has more and less from moment to moment.
  const expected = { ...account, mappings: undefined, resident: expect.any(Number) as number };
  for await (const listed of processes({ pids: [account.pid], all: true })) expect(listed).toEqual(expected);
  for (const mapping of account.mappings ?? []) expect(mapping).toMatchObject(useIn(smaps.filter(({ start }) => start === mapping.start)));
}

requires({ pool: SMALL_POOL, thp: true, compiler: true }).describe('processAccount', () => {
  withPool(SMALL_POOL);
  const directory = withMountDirectory();
  const holders = withHolders();

  async function accountOf(command: readonly string[]): Promise<ProcessAccount> {
    const { pid = 0 } = await holders.start(command);
    const account = await processAccount(pid);
    await expectAsInSmaps(account);
    return account;
  }

  it('private pages, and transparent ones of anonymous and of shared memory', async () => {
    const thp = { size: 2 * H, backing: ['thp'] };
    const account = await accountOf(holds({ allocate: [{ size: 3 * H, backing: ['hugetlb'] }, thp, { ...thp, shared: true }] }));
    expect(account.hugetlb).toEqual([{ pageSize: H, privateBytes: 3 * H, sharedBytes: 0, nodes: [{ node: 0, bytes: 3 * H }] }]);
    expect(account.anonHugePages).toBeGreaterThanOrEqual(2 * H);
    expect(account.shmemPmdMapped).toBe(2 * H);
    const [command, , what] = account.commandLine;
    expect([command, what]).toEqual([process.execPath, expect.stringContaining('allocate')]);
  });

  it('shared pages are those that others map as well, in the account of each', async () => {
    using region = allocateSync({ size: 4 * H, backing: ['hugetlb'], source: 'memfd' });
    const own = async (): Promise<unknown> => (await processAccount(process.pid)).hugetlb;
    const use = (privateBytes: number, sharedBytes: number): unknown => [
      { pageSize: H, privateBytes, sharedBytes, nodes: [{ node: 0, bytes: privateBytes + sharedBytes }] },
    ];
    expect(await own()).toEqual(use(4 * H, 0));
    const account = await accountOf(holds({ allocate: [{ size: H, backing: ['hugetlb'] }], attach: [region.share()] }));
    expect(account.hugetlb).toEqual(use(H, 4 * H));
    expect(await own()).toEqual(use(0, 4 * H));
  });

  it('a mapping has the name of its file, with newlines and blanks', async () => {
    const path = directory.path('a b\n\\012c');
    mount({ path });
    const file = { size: 2 * H, backing: ['hugetlb'], source: 'file', path: `${path}/f =\n(deleted)`, persistent: true } as const;
    // Its maker maps it by the name that it had before: none.
    allocateSync(file).dispose();
    using region = allocateSync({ ...file, existing: 'adopt' });
    const { mappings = [] } = await processAccount(process.pid);
    const mapping = mappings.find(({ start }) => start === region.address);
    // The kernel escapes no backslash, so what looks like an escape in a name is read as one.
    expect(mapping).toMatchObject({ path: file.path.replace('\\012', '\n'), deleted: false, permissions: 'rw-s' });
  });

  it('a name may have parentheses and newlines', async () => {
    const program = directory.path(') 1 (\nS\\');
    execFileSync('ln', ['-s', '/bin/sh', program]);
    expect(await accountOf([program, '-c', 'echo ready; read line'])).toMatchObject({ name: ') 1 (\nS\\', kind: 'process', hugetlb: [] });
  });

  it('a process goes on without its first thread', async () => {
    await withArrangement(async (arrange) => {
      const [pid = 0] = await arrange([`private,${String(Math.log2(H))},3,2 leave`]);
      expect(await processAccount(pid)).toMatchObject({ kind: 'process', pid, hugetlb: [{ privateBytes: 2 * H }] });
    });
  });

  it('one that has ended is an error with a code', async () => {
    const child = await holders.start(['sh', '-c', 'echo ready; read line']);
    const { pid = 0 } = child;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    expect(await rejectionOf(processAccount(pid))).toMatchObject({ name: 'HugePagesError', code: 'ERR_HUGEPAGES_NO_PROCESS' });
  });
});

requires({ pool: SMALL_POOL, program: 'numastat' }).describe('processAccount beside numastat', () => {
  withPool(SMALL_POOL);
  const holders = withHolders();

  it('has the same pages, private and shared', async () => {
    using region = allocateSync({ size: 4 * H, backing: ['hugetlb'], source: 'memfd' });
    const { pid = 0 } = await holders.start(holds({ allocate: [{ size: 5 * H, backing: ['hugetlb'] }], attach: [region.share()] }));
    const { hugetlb } = await processAccount(pid);
    expect(hugetlb).toEqual([{ pageSize: H, privateBytes: 5 * H, sharedBytes: 4 * H, nodes: [{ node: 0, bytes: 9 * H }] }]);
    // It takes the pages of every pool for those of the default one.
    const row = /^Huge +([\d.]+) +([\d.]+)$/m.exec(execFileSync('numastat', ['-p', String(pid)], { encoding: 'utf8' })) ?? [];
    expect(row.slice(1).map((mebibytes) => Number(mebibytes) * 2 ** 20)).toEqual([9 * H, 9 * H]); // of node 0, in all
  });
});

requires({ pool: GIGANTIC_POOL }).describe('processAccount of two pools', () => {
  withPool(SMALL_POOL, GIGANTIC_POOL);
  const holders = withHolders();

  it('has them one beside the other', async () => {
    const allocate = [{ size: 2 * H }, { size: GIGANTIC, pageSize: GIGANTIC }].map((options) => ({ ...options, backing: ['hugetlb'] }));
    const { pid = 0 } = await holders.start(holds({ allocate }));
    const account = await processAccount(pid);
    await expectAsInSmaps(account);
    // Linux 6.18 may call a 1 GiB page shared that nobody else maps: only the sum is certain.
    const bytes = account.hugetlb.map(({ pageSize, privateBytes, sharedBytes }) => [pageSize, privateBytes + sharedBytes]);
    expect(bytes).toEqual([
      [H, 2 * H],
      [GIGANTIC, GIGANTIC],
    ]);
  });
});
