import { describe, expect, it } from 'vitest';
import { diagnose, doctor } from '../../../../lib/host/doctor/doctor.js';
import { readFacts } from '../../../../lib/host/doctor/facts.js';
import type { Facts } from '../../../../lib/host/doctor/facts.js';
import type { Finding } from '../../../../lib/host/doctor/finding.js';
import { GiB, MiB } from '../../../../lib/units.js';
import { TWO_NODES, fixture } from '../fixtures.js';

/** Everything that is not fine, by id; the rest by id alone. */
function summary(findings: readonly Finding[]): { wrong: Record<string, string>; fine: string[] } {
  const wrong = findings.filter(({ level }) => level !== 'ok').map(({ id, level, title }): [string, string] => [id, `${level}: ${title}`]);
  return { wrong: Object.fromEntries(wrong), fine: findings.filter(({ level }) => level === 'ok').map(({ id }) => id) };
}

const facts = readFacts(TWO_NODES);
const changed = (changes: Partial<Facts>): Finding[] => diagnose({ ...facts, ...changes });
const found = (id: string, findings: readonly Finding[]): Finding | undefined => findings.find((finding) => finding.id === id);

describe('doctor, of recorded machines', () => {
  it('two nodes', () => {
    expect(summary(doctor(TWO_NODES))).toEqual({
      wrong: {
        'numa:1GiB': 'advice: Node 1 has no 1GiB pages',
        'mount:1GiB': String.raw`advice: /mnt/huge 1g\x has 1GiB pages, and cannot be written to`,
        thp: 'advice: Every program gets transparent huge pages',
        'thp-process': 'problem: Transparent huge pages were taken from this process',
      },
      fine: [
        ...['pool:2MiB', 'pool:1GiB', 'default-page-size', 'numa:2MiB', 'mount:2MiB'],
        ...['thp-defrag', 'overcommit', 'memlock', 'shm-group'],
      ],
    });
  });

  it('four nodes with uneven pools', () => {
    expect(summary(doctor(fixture('four-nodes'))).wrong).toEqual({
      'numa:2MiB': 'advice: Node 2 has no 2MiB pages',
      'numa:1GiB': 'advice: Node 2 has no 1GiB pages',
      thp: 'advice: Every program gets transparent huge pages',
    });
  });

  it('arm64 with four page sizes', () => {
    expect(summary(doctor(fixture('arm64'))).wrong).toEqual({
      'pool:1GiB': 'advice: The 1GiB pool has nothing left: what is free is reserved',
      'thp-process': 'problem: Transparent huge pages were taken from this process',
      'cgroup:64KiB': "advice: A cgroup leaves this process 512KiB of the 64KiB pool's 16MiB",
      'cgroup:32MiB': "problem: A cgroup leaves this process 0B of the 32MiB pool's 480MiB",
    });
  });

  it('cgroups of version 1, for an ordinary user', () => {
    const findings = doctor(fixture('cgroup-v1'));
    expect(summary(findings).wrong).toEqual({
      'mount:2MiB': 'advice: /dev/hugepages has 2MiB pages, and cannot be written to',
      memlock: 'advice: This user may lock 64KiB of memory',
      'shm-group': 'advice: This user may make no SHM_HUGETLB segments',
      'cgroup:2MiB': "advice: A cgroup leaves this process 2MiB of the 2MiB pool's 48MiB",
    });
    const files = ['worker/hugetlb.2MB.limit_in_bytes', 'hugetlb.2MB.limit_in_bytes', 'worker/hugetlb.2MB.rsvd.limit_in_bytes'];
    expect(found('cgroup:2MiB', findings)?.detail).toMatch(/^\/batch\/worker and \/batch limit it: /);
    const commands = found('cgroup:2MiB', findings)?.remedy?.command?.replaceAll('sudo ', '').split(' && ');
    expect(commands).toEqual(files.map((file) => `echo -1 | tee /sys/fs/cgroup/hugetlb/batch/${file}`));
  });

  it('cgroups of version 2', () => {
    expect(summary(doctor(fixture('cgroup-v2'))).wrong).toEqual({
      'mount:1GiB': 'advice: No hugetlbfs is mounted with 1GiB pages',
      memlock: 'advice: This user may lock 8MiB of memory',
      'cgroup:2MiB': "advice: A cgroup leaves this process 24MiB of the 2MiB pool's 256MiB",
      'cgroup:1GiB': "problem: A cgroup leaves this process 0B of the 1GiB pool's 1GiB",
    });
  });

  it('a pool whose reserved pages are below zero', () => {
    const [first, ...others] = facts.pools;
    const broken = changed({ pools: [{ ...first, total: 4, free: 4, reserved: -2 } as typeof first & object, ...others] });
    expect(found('pool:2MiB', broken)).toMatchObject({ level: 'problem', title: 'The 2MiB pool counts -2 pages as reserved' });
  });

  it('a container', () => {
    const findings = doctor(fixture('container'));
    // What cannot be written to from inside has no command: not the group of another user namespace, nor a read-only cgroup.
    for (const [id, sentence] of [
      ['shm-group', /on the host, by the number that the group has there/],
      ['cgroup:2MiB', /^Lift the limit from outside, .*hugetlb\.2MB\.limit_in_bytes of the cgroup on the host/],
      ['mount:2MiB', /^Mount one from outside, .*no CAP_SYS_ADMIN/],
      ['memlock', /--ulimit of its container: root has no CAP_SYS_RESOURCE/],
    ] as const) {
      expect(found(id, findings)?.remedy?.sentence).toMatch(sentence);
      expect(found(id, findings)?.remedy).not.toHaveProperty('command');
    }
    expect(summary(findings).wrong).toEqual({
      'mount:2MiB': 'advice: No hugetlbfs is mounted with 2MiB pages',
      thp: 'advice: Every program gets transparent huge pages',
      memlock: 'advice: This user may lock 64KiB of memory',
      'shm-group': 'advice: This user may make no SHM_HUGETLB segments',
      'cgroup:2MiB': "advice: A cgroup leaves this process 128MiB of the 2MiB pool's 1GiB",
      container: 'advice: This is a container (docker), and /sys is read-only',
    });
  });

  it('a kernel without hugetlb', () => {
    expect(summary(doctor(fixture('no-hugetlb')))).toEqual({
      wrong: { hugetlb: 'problem: There are no hugetlb pools' },
      fine: ['thp', 'thp-defrag', 'overcommit', 'memlock'],
    });
  });

  it('transparent huge pages never', () => {
    expect(summary(doctor(fixture('thp-never'))).wrong).toEqual({
      'mount:2MiB': 'advice: No hugetlbfs is mounted with 2MiB pages',
      thp: 'advice: Page faults get no transparent huge pages (never)',
    });
  });

  const machines = ['two-nodes', 'four-nodes', 'arm64', 'cgroup-v1', 'cgroup-v2', 'container', 'no-hugetlb', 'thp-never'];
  it.each(machines)('%s: each id once', (name) => {
    const ids = doctor(fixture(name)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('diagnose', () => {
  const [small, large] = facts.pools;
  if (small === undefined || large === undefined) throw new Error('the tree has two pools');
  const empty = { total: 0, free: 0, reserved: 0, surplus: 0, overcommit: 0, perNode: [] };

  it.each([
    ['all empty', [{ ...small, ...empty }, { ...large, ...empty }], 'pool:2MiB', 'problem', 'The 2MiB pool is empty'],
    ['all empty, of another size', [{ ...small, ...empty }, { ...large, ...empty }], 'pool:1GiB', 'ok', 'The 1GiB pool is not used'],
    ['pages on demand', [{ ...small, ...empty, overcommit: 8 }], 'pool:2MiB', 'ok', 'The 2MiB pool can give 8 pages'],
    ['another size', [{ ...small, ...empty }, large], 'default-page-size', 'advice', 'only other pools have pages'],
    ['all in use', [{ ...small, free: 0, reserved: 0, surplus: 64 }], 'pool:2MiB', 'advice', 'nothing left: all pages are in use'],
    ['shrunk', [{ ...small, overcommit: 8 }], 'pool:2MiB', 'advice', 'The 2MiB pool was made smaller than what is in use'],
  ] as const)('pools: %s', (_, pools, id, level, title) => {
    expect(found(id, changed({ pools }))).toMatchObject({ level, title: expect.stringContaining(title) as string });
  });

  it('an empty pool is a problem where there is nothing else', () => {
    const level = (enabled: string | undefined, collapse: boolean, thpEnabled = true): string | undefined => {
      const changes = { thp: { ...facts.thp, enabled }, collapse, limits: { ...facts.limits, thpEnabled } };
      return found('pool:2MiB', changed({ ...changes, pools: [{ ...small, ...empty }] }))?.level;
    };
    expect([level('always', false), level('madvise', false), level('never', true)]).toEqual(['advice', 'advice', 'advice']);
    expect([level('never', false), level(undefined, true), level('madvise', true, false)]).toEqual(['problem', 'problem', 'problem']);
  });

  it('transparent huge pages that faults do not give are had by collapsing, on kernels that can', () => {
    const detail = (collapse: boolean): string | undefined =>
      found('thp', changed({ thp: { ...facts.thp, enabled: 'never' }, collapse }))?.detail;
    expect(detail(true)).toContain('MADV_COLLAPSE');
    expect(detail(false)).not.toContain('MADV_COLLAPSE');
  });

  it('root without CAP_SYS_RESOURCE is told where a limit comes from, and not to run prlimit', () => {
    const limits = { ...facts.limits, uid: 0, memlock: { soft: 0, hard: 0 } };
    const remedy = (sysResource: boolean): Finding['remedy'] =>
      found('memlock', changed({ limits: { ...limits, capabilities: { ipcLock: false, sysAdmin: false, sysResource } } }))?.remedy;
    expect(remedy(true)?.command).toContain('prlimit --pid $$ --memlock=unlimited');
    expect(remedy(false)).not.toHaveProperty('command');
    expect(remedy(false)?.sentence).toMatch(/LimitMEMLOCK=.*CAP_SYS_RESOURCE/);
  });

  it('memory that strict overcommit has promised', () => {
    const memory = { ...facts.memory, overcommitMode: 2 as const, commitLimit: 10 * GiB };
    expect(found('overcommit', changed({ memory: { ...memory, committed: 8 * GiB } }))?.level).toBe('ok');
    expect(found('overcommit', changed({ memory: { ...memory, committed: 9 * GiB } }))?.level).toBe('problem');
  });

  it('fragmented memory', () => {
    expect(found('fragmentation', changed({ contiguous: () => 0.1 }))).toMatchObject({ level: 'ok' });
    expect(found('fragmentation', changed({ contiguous: () => 0.09 }))).toMatchObject({
      level: 'advice',
      title: 'Free memory is fragmented: 9% of free memory is in pieces of 2MiB and more',
    });
  });

  it('1 GiB pages of the processor that the kernel does not offer', () => {
    const cpuFlags = ['fpu', 'pdpe1gb'];
    expect(found('gigantic-pages', changed({ cpuFlags }))).toBeUndefined();
    expect(found('gigantic-pages', changed({ cpuFlags: ['fpu'], pools: [small] }))).toBeUndefined();
    expect(found('gigantic-pages', changed({ cpuFlags, pools: [small] }))?.remedy?.sentence).toContain('hugepagesz=1G');
  });

  it('page faults that wait, and those that never do', () => {
    const ofDefrag = (defrag: string): Finding | undefined =>
      found('thp-defrag', changed({ thp: { ...facts.thp, enabled: 'madvise', defrag }, vmstat: { compact_stall: 7 } }));
    expect(ofDefrag('always')).toMatchObject({ level: 'advice', detail: expect.stringContaining('7 stalls') as string });
    expect(ofDefrag('never')).toMatchObject({ level: 'advice' });
    for (const defrag of ['defer', 'defer+madvise', 'madvise']) expect(ofDefrag(defrag)).toMatchObject({ level: 'ok' });
  });

  it('a mount too small for one page', () => {
    const mounts = facts.mounts.map((mount) => ({ ...mount, size: MiB }));
    const title = '/dev/hugepages has 2MiB pages, and room for none';
    expect(found('mount:2MiB', changed({ mounts }))).toMatchObject({ level: 'advice', title });
  });

  it('a node without CPUs needs no pages', () => {
    const nodes = facts.nodes.map((node) => (node.node === 1 ? { ...node, cpus: [] } : node));
    expect(found('numa:1GiB', changed({ nodes }))?.level).toBe('ok');
  });

  it('segments smaller than the pool', () => {
    const limits = { ...facts.limits, shmmax: 32 * MiB };
    const command = found('shmmax', changed({ limits }))?.remedy?.command?.replace('sudo ', '');
    expect(command).toBe(`echo ${String(2 * GiB)} | tee /proc/sys/kernel/shmmax`);
  });
});
