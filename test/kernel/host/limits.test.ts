/** limits() and memoryState() against what the kernel does and says, on this machine. */
import { spawnSync } from 'node:child_process';
import type { SpawnSyncOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { allocateSync, limits, memoryState } from '../../../lib/index.js';
import { withCompiled } from '../../support/compiler.js';
import { meminfo } from '../../support/kernel-text.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { NOBODY, requires } from '../../support/requirements.js';

const CHILD = fileURLToPath(new URL('children/limits.mjs', import.meta.url));
const SHMGET = new URL('hugetlb-shm.c', import.meta.url);
const POOL = { pageSize: H, pages: 2 };
const KIB = 1024;

function output(command: string, args: readonly string[], options: SpawnSyncOptions): string {
  const { status, signal, stdout, stderr } = spawnSync(command, args, { ...options, encoding: 'utf8' });
  expect([status, signal, stderr]).toEqual([0, null, '']);
  return stdout;
}

function number(file: string): number {
  return Number(readFileSync(file, 'utf8'));
}

it('reads the resource limits that a shell set', () => {
  const script = 'ulimit -S -l 32 && ulimit -H -l 64 && ulimit -v 16777216 && ulimit -d 8388608 && exec "$@"';
  expect(JSON.parse(output('sh', ['-c', script, 'sh', process.execPath, CHILD], {}))).toMatchObject({
    memlock: { soft: 32 * KIB, hard: 64 * KIB },
    addressSpace: { soft: 2 ** 34, hard: 2 ** 34 },
    data: { soft: 2 ** 33, hard: 2 ** 33 },
  });
});

requires({ ordinaryUser: true, program: 'setpriv' }).it('reads who the process is, and where it may run', () => {
  const [cpu = 0] = limits().allowedCpus.slice(-1);
  const user = ['--reuid', '65534', '--regid', '7', '--groups', '5,9'];
  expect(JSON.parse(output('taskset', ['-c', String(cpu), 'setpriv', ...user, process.execPath, CHILD], {}))).toMatchObject({
    ...{ uid: 65534, groups: [7, 5, 9], allowedCpus: [cpu] },
    capabilities: { ipcLock: false, sysAdmin: false, sysResource: false },
  });
  const kept = ['--bounding-set', '-all,+ipc_lock', '--inh-caps', '-all'];
  const { capabilities } = JSON.parse(output('setpriv', [...kept, process.execPath, CHILD], {})) as ReturnType<typeof limits>;
  expect(capabilities).toEqual({ ipcLock: true, sysAdmin: false, sysResource: false });
  const { capabilities: elsewhere } = JSON.parse(output('unshare', ['--user', process.execPath, CHILD], {})) as ReturnType<typeof limits>;
  expect(elsewhere).toEqual({ ipcLock: false, sysAdmin: false, sysResource: false });
});

it('counts what is locked, to the byte', () => {
  const before = limits().lockedBytes;
  const region = allocateSync({ size: 16 * KIB, backing: ['base'] });
  try {
    region.lock();
    expect(limits().lockedBytes).toBe(before + 16 * KIB);
  } finally {
    region.dispose();
  }
  expect(limits().lockedBytes).toBe(before);
});

it('counts mappings as the kernel does, and what is mapped', () => {
  const before = { maps: memoryState().mapCount, bytes: limits().mappedBytes };
  // A guard on each side keeps them from being merged with a neighbour.
  const options = { size: 2 ** 30, backing: ['base'], prefault: false, reserve: false, guard: true } as const;
  const regions = Array.from({ length: 8 }, () => allocateSync(options));
  const after = { maps: memoryState().mapCount, bytes: limits().mappedBytes };
  for (const region of regions) region.dispose();
  expect(after.maps - before.maps).toBeGreaterThanOrEqual(8);
  expect(after.bytes - before.bytes).toBeGreaterThanOrEqual(8 * 2 ** 30);
});

it('reads the state of memory', () => {
  expect(memoryState()).toMatchObject({
    total: meminfo('MemTotal'),
    swapTotal: meminfo('SwapTotal'),
    commitLimit: meminfo('CommitLimit'),
    adminReserve: number('/proc/sys/vm/admin_reserve_kbytes') * KIB,
    userReserve: number('/proc/sys/vm/user_reserve_kbytes') * KIB,
    overcommitMode: number('/proc/sys/vm/overcommit_memory'),
    maxMapCount: number('/proc/sys/vm/max_map_count'),
  });
});

requires({ pool: POOL, ordinaryUser: true, compiler: true }).describe('mayMakeHugetlbShm', () => {
  withPool(POOL);

  it('is what shmget(2) answers, to root, to a member of the group and to others', async () => {
    const group = number('/proc/sys/vm/hugetlb_shm_group');
    const users: [who: SpawnSyncOptions, may: boolean][] = [
      [{}, true],
      [{ ...NOBODY, gid: group }, true],
      [NOBODY, false],
    ];
    await withCompiled(SHMGET, [], (shmget) => {
      for (const [who, may] of users) {
        const { mayMakeHugetlbShm } = JSON.parse(output(process.execPath, [CHILD], who)) as ReturnType<typeof limits>;
        const errno = Number(output(shmget, [String(H)], who));
        expect([mayMakeHugetlbShm, errno], JSON.stringify(who)).toEqual([may, may ? 0 : constants.errno.EPERM]);
      }
      return Promise.resolve();
    });
  });
});
