/** The rules of the engine at their limits, of which a machine with one node and enough memory reaches few. */
import { describe, expect, it } from 'vitest';
import { GiB, MAX_BYTES, MiB } from '../../../../lib/units.js';
import { BASE, H, base, codes, huge, reasons, thp, tree } from './questions.js';
import type { Changes } from './questions.js';

type Limit = readonly [what: string, within: Parameters<typeof reasons>, beyond: Parameters<typeof reasons>, refused: string[]];

const space = (soft: number, hard = Infinity): Changes => ({ limits: { mappedBytes: GiB, addressSpace: { soft: GiB + soft, hard } } });
const data = (soft: number, hard = Infinity): Changes => ({ limits: { dataBytes: GiB, data: { soft, hard } } });
const AS = ['map: rlimit-address-space'];

const strict = (reserves: object = {}, limits: Changes['limits'] = {}): Changes => ({
  memory: { overcommitMode: 2, commitLimit: 4 * GiB, committed: 3 * GiB, userReserve: 128 * MiB, ...reserves },
  limits: { mappedBytes: 0, ...limits },
});
const anyone = { capabilities: { ipcLock: false, sysAdmin: false, sysResource: false } };

const group = { path: '/a', directory: '/sys/fs/cgroup/a', limit: GiB, usage: 600 * MiB, reclaimable: 100 * MiB };
const inCgroup = (accountsHugetlb: boolean, version: 1 | 2 = 2): Changes => ({
  cgroups: { accountsHugetlb, memory: { version, readOnly: false, levels: [group] } },
  memory: { swapFree: 64 * MiB },
});

const twoNodes = {
  ...{ total: 130, free: 130, reserved: 0, surplus: 0, overcommit: 32 },
  perNode: [
    { node: 0, total: 100, free: 100, surplus: 0 },
    { node: 1, total: 30, free: 30, surplus: 0 },
  ],
};

describe('diagnose()', () => {
  it.each<Limit>([
    [
      'vm.max_map_count',
      [base(BASE), { memory: { mapCount: 65530, maxMapCount: 65530 } }],
      [base(BASE), { memory: { mapCount: 65531, maxMapCount: 65530 } }],
      ['map: too-many-mappings'],
    ],
    [
      'vm.max_map_count, of hugetlb pages',
      [huge(1), { memory: { mapCount: 10, maxMapCount: 10 } }],
      [huge(1), { memory: { mapCount: 11, maxMapCount: 10 } }],
      ['map: too-many-mappings'],
    ],
    ['the allowed nodes', [base(BASE), {}, { nodes: [3] }], [base(BASE), {}, { nodes: [2] }], ['bind: nodes-not-allowed']],
    ['the allowed nodes, of hugetlb pages', [huge(1), {}, { nodes: [2, 3] }], [huge(1), {}, { nodes: [2] }], ['bind: nodes-not-allowed']],
    [
      'addresses',
      [base(BASE), { limits: { mappedBytes: MAX_BYTES - BASE } }],
      [base(BASE), { limits: { mappedBytes: MAX_BYTES } }],
      ['map: address-space'],
    ],
    ['RLIMIT_AS', [huge(8), space(8 * H)], [huge(9), space(8 * H)], AS],
    ['RLIMIT_AS, with guards', [huge(8), space(9 * H + 2 * BASE), { guard: true }], [huge(8), space(9 * H + BASE), { guard: true }], AS],
    ['RLIMIT_AS, of THP, which are aligned', [thp(8), space(9 * H)], [thp(8), space(9 * H - BASE)], AS],
    ['RLIMIT_AS, with alignment', [huge(8), space(12 * H), { alignment: 4 * H }], [huge(8), space(12 * H - 1), { alignment: 4 * H }], AS],
    ['RLIMIT_DATA', [huge(8), data(GiB + 8 * H)], [huge(9), data(GiB + 8 * H)], ['map: rlimit-data']],
    ['RLIMIT_DATA, of shared memory', [huge(9), data(GiB), { shared: true }], [huge(9), data(GiB)], ['map: rlimit-data']],
    ['RLIMIT_DATA 0, which is none', [huge(8), data(0, GiB + 8 * H)], [huge(9), data(0, GiB + 8 * H)], ['map: rlimit-data']],
    [
      'all memory and swap',
      [base(2 * GiB), { memory: { total: GiB, swapTotal: GiB } }],
      [base(2 * GiB + BASE), { memory: { total: GiB, swapTotal: GiB } }],
      ['map: overcommit'],
    ],
    [
      'all memory and swap, without reservation',
      [base(2 * GiB), { memory: { total: GiB, swapTotal: 0 } }, { reserve: false }],
      [base(2 * GiB), { memory: { total: GiB, swapTotal: 0 } }],
      ['map: overcommit'],
    ],
    ['the commit limit', [base(GiB - BASE), strict()], [base(GiB), strict()], ['map: overcommit']],
    [
      'the commit limit, less what is kept for root',
      [base(GiB - BASE), strict({ adminReserve: MiB })],
      [base(GiB - MiB), strict({ adminReserve: MiB }, anyone)],
      ['map: overcommit'],
    ],
    [
      'the commit limit, less what is kept for the user',
      [base(GiB - MiB - BASE), strict({}, { mappedBytes: 32 * MiB })],
      [base(GiB - MiB), strict({}, { mappedBytes: 32 * MiB })],
      ['map: overcommit'],
    ],
    [
      'the commit limit, less the most that is kept for the user',
      [base(GiB - 129 * MiB), strict({}, { mappedBytes: 32 * GiB })],
      [base(GiB - 128 * MiB), strict({}, { mappedBytes: 32 * GiB })],
      ['map: overcommit'],
    ],
    ['memory.max, with swap', [base(588 * MiB), inCgroup(false)], [base(588 * MiB + BASE), inCgroup(false)], ['populate: memory-cgroup']],
    ['memory.max, of hugetlb pages', [huge(262), inCgroup(true)], [huge(263), inCgroup(true)], ['populate: memory-cgroup']],
    [
      'memory.max, that hugetlb pages are not counted in',
      [huge(263), inCgroup(false)],
      [huge(263), inCgroup(true)],
      ['populate: memory-cgroup'],
    ],
    [
      'memory and swap',
      [base(2 * GiB), { memory: { available: GiB, swapFree: GiB } }],
      [base(2 * GiB + BASE), { memory: { available: GiB, swapFree: GiB } }],
      ['populate: out-of-memory'],
    ],
    ['the pool with overcommit', [huge(518)], [huge(519)], ['map: pool-too-small']],
    ['the pool', [huge(486), { memory: { available: 0 } }], [huge(487), { memory: { available: 0 } }], ['map: no-memory-for-surplus']],
    [
      'memory that the pool grows by',
      [huge(500), { memory: { available: 14 * H } }],
      [huge(500), { memory: { available: 14 * H - 1 } }],
      ['map: no-memory-for-surplus'],
    ],
    [
      'the pages of the nodes',
      [huge(100), { pool: twoNodes, nodes: [0] }],
      [huge(101), { pool: twoNodes, nodes: [0] }],
      ['map: pool-nodes'],
    ],
    [
      'the pages of the nodes, without reservation',
      [huge(132), { pool: { ...twoNodes, overcommit: 32 }, nodes: [0] }, { reserve: false }],
      [huge(133), { pool: { ...twoNodes, overcommit: 32 }, nodes: [0] }, { reserve: false }],
      ['populate: pool-nodes'],
    ],
    [
      'the pages of the nodes of a policy',
      [huge(62), { pool: twoNodes, nodes: [0, 1] }, { nodes: [1], bound: true }],
      [huge(63), { pool: twoNodes, nodes: [0, 1] }, { nodes: [1], bound: true }],
      ['populate: pool-nodes'],
    ],
    [
      'the version that collapses',
      [thp(1), { thp: { enabled: 'never' }, kernel: { major: 6, minor: 1 } }],
      [thp(1), { thp: { enabled: 'never' }, kernel: { major: 6, minor: 0 } }],
      ['populate: thp-off'],
    ],
    [
      'the version that collapses, by its first number',
      [thp(1), { thp: { enabled: 'never' }, kernel: { major: 7, minor: 0 } }],
      [thp(1), { thp: { enabled: 'never' }, kernel: { major: 5, minor: 19 } }],
      ['populate: thp-off'],
    ],
    [
      'both settings of shared memory',
      [thp(1), { thp: { shmem: 'advise' } }, { shared: true }],
      [thp(1), { thp: { shmem: 'deny' }, thpOfPmdSize: { shmem: 'never' } }, { shared: true }],
      ['populate: thp-off', 'populate: thp-off'],
    ],
  ])('%s', (_, within, beyond, refused) => {
    expect(codes(...within)).toEqual([]);
    expect(codes(...beyond)).toEqual(refused);
  });

  it('counts the pages that can be made for nodes', () => {
    const [reason] = reasons(huge(140), { pool: twoNodes, nodes: [0] });
    expect(reason).toMatchObject({ code: 'pool-nodes', details: { neededPages: 140, availablePages: 110 } });
    expect(reason?.remedy?.command).toMatch(/^echo 130 \| .*\/node0\/hugepages\/hugepages-2048kB\/nr_hugepages$/);
  });

  it.each([
    [Infinity, /^ulimit -S -v unlimited$/],
    [GiB + 9 * H, /^ulimit -S -v 1067008$/],
    [GiB + 9 * H - 1, /prlimit --pid \$\$ --as=unlimited$/],
  ])('raises a soft limit as far as the hard one goes: %d', (hard, command) => {
    const [reason] = reasons(huge(9), space(8 * H, hard));
    expect(reason?.remedy).toMatchObject({ needsRoot: hard < GiB + 9 * H, command: expect.stringMatching(command) as string });
  });

  it('sends root without CAP_SYS_RESOURCE to whoever starts the process', () => {
    const hard = GiB + 8 * H;
    const capabilities = { ipcLock: true, sysAdmin: true, sysResource: false };
    const [reason] = reasons(huge(9), { limits: { ...data(hard, hard).limits, uid: 0, capabilities } });
    expect(reason).toMatchObject({ code: 'rlimit-data', remedy: { needsRoot: true } });
    expect(reason?.remedy?.sentence).toMatch(/LimitDATA=.*CAP_SYS_RESOURCE/);
    expect(reason?.remedy).not.toHaveProperty('command');
    const [ordinary] = reasons(huge(9), { limits: { ...data(hard, hard).limits, uid: 33, capabilities } });
    expect(ordinary?.remedy?.command).toMatch(/prlimit --pid \$\$ --data=unlimited$/);
  });

  it('has a read-only cgroup raised from outside', () => {
    const { cgroups, ...rest } = inCgroup(false);
    const memory = { version: 1 as const, readOnly: true, levels: [group] };
    const [reason] = reasons(base(GiB), { ...rest, cgroups: { ...cgroups, memory } });
    expect(reason?.remedy?.sentence).toMatch(/^Raise it from outside, .*memory\.limit_in_bytes of the cgroup on the host/);
    expect(reason?.remedy).not.toHaveProperty('command');
  });

  it.each([
    [2, 'memory.max'],
    [1, 'memory.limit_in_bytes'],
  ] as const)('raises the memory limit of a cgroup of version %i', (version, file) => {
    const [reason] = reasons(base(GiB), inCgroup(false, version));
    const command = new RegExp(`^echo ${String(GiB + 600 * MiB)} \\| .*/sys/fs/cgroup/a/${file}$`);
    expect(reason?.remedy?.command).toMatch(command);
  });

  it.each([
    ['of all sizes', { enabled: 'never' }, {}, 'transparent_hugepage/enabled'],
    ['of the size', { enabled: 'always' }, { enabled: 'never' }, 'transparent_hugepage/hugepages-2048kB/enabled'],
  ])('opens the setting of THP that counts: %s', (_, thpState, thpOfPmdSize, file) => {
    const [reason] = reasons(thp(1), { thp: thpState, thpOfPmdSize }, { prefault: 'no' });
    expect(reason?.remedy?.command).toMatch(new RegExp(`^echo madvise \\| .*/sys/kernel/mm/${file}$`));
  });

  it('doubles vm.max_map_count', () => {
    const [reason] = reasons(base(BASE), { memory: { mapCount: 11, maxMapCount: 10 } });
    expect(reason?.remedy?.command).toMatch(/sysctl -w vm\.max_map_count=20$/);
  });

  it('says what else is known of a pool', () => {
    const held = { regions: 2, bytes: 3 * H };
    const [reason] = reasons(huge(1000), { memory: { available: 0 }, held });
    expect(reason).toMatchObject({ details: { neededPages: 1000, availablePages: 518 } });
    expect(reason?.message).toMatch(/is too small: 1000 pages needed, 518 to be had .* 2 undisposed regions of 6MiB; the machine has 0B /);
    expect(reason?.message).not.toContain('min_size');
    const empty = reasons(huge(1), { pool: { total: 0, free: 0, reserved: 0, surplus: 0, overcommit: 0, perNode: [] } });
    expect(empty.map(({ message }) => message)).toEqual([expect.stringMatching(/^The pool of 2MiB pages is empty: 1 page needed, 0 /)]);
  });
  it('says what mounts keep of a pool', () => {
    const [mount] = tree.mounts();
    if (mount === undefined) throw new Error('the tree has mounts');
    const own = { ...mount, pageSize: H, mountPoint: '/own', minSize: 4 * H };
    const mounts = [own, { ...own, mountPoint: '/other', pageSize: GiB }, { ...own, mountPoint: '/none', minSize: 0 }];
    const kept = (reserved: number): string[] | undefined =>
      reasons(huge(1000), { mounts, pool: { reserved } })[0]?.message.match(/[^ ]+ is kept for [^ ]+ by min_size/g)?.slice();
    expect(kept(4)).toEqual(['8MiB is kept for /own by min_size']);
    expect(kept(0)).toBeUndefined();
  });
});
