/** explain() on recorded machines: what of their files decides, and in which order. */
import { describe, expect, it } from 'vitest';
import type { AllocateOptions } from '../../../lib/index.js';
import { explain } from '../../../lib/region/explain.js';
import { recordedFacts } from '../../../lib/region/facts.js';
import { unavailableFailure } from '../../../lib/region/failures.js';
import { parseOptions } from '../../../lib/region/options.js';
import { GiB } from '../../../lib/units.js';
import { errorOf } from '../../support/thrown.js';
import { fixture } from '../host/fixtures.js';

const HUGETLB = { backing: ['hugetlb'] } as const;
const GIGANTIC = { ...HUGETLB, size: '1GiB', pageSize: '1GiB' } as const;
const THP = { backing: ['thp'] } as const;

/** The codes of the reasons that rule the first backing out. */
function codes(machine: string, options: AllocateOptions): string[] {
  return explain(options, fixture(machine)).candidates[0]?.reasons.map(({ code, step }) => `${step}: ${code}`) ?? [];
}

describe('explain() of a recorded machine', () => {
  it.each<[machine: string, what: string, options: AllocateOptions, reasons: string[]]>([
    ['four-nodes', 'a pool that is large enough', { size: '64MiB', ...HUGETLB }, []],
    ['four-nodes', 'a forbidden node', { size: 1, ...HUGETLB, numa: { mode: 'bind', nodes: [2] } }, ['bind: nodes-not-allowed']],
    [
      'four-nodes',
      'pages on another node than that of the policy',
      { ...GIGANTIC, numa: { mode: 'bind', nodes: [3] } },
      ['populate: pool-nodes'],
    ],
    ['four-nodes', 'a policy that only prefers', { ...GIGANTIC, numa: { mode: 'preferred', nodes: [3] } }, []],
    [
      'cgroup-v1',
      'limits of version 1 on two levels, and the pool',
      { size: '64MiB', ...HUGETLB },
      ['map: cgroup-reservations', 'map: pool-too-small', 'populate: cgroup-pages', 'populate: cgroup-pages'],
    ],
    [
      'cgroup-v1',
      'the same without reservation: all of it at the touch',
      { size: '64MiB', ...HUGETLB, reserve: false },
      ['populate: cgroup-reservations', 'populate: cgroup-pages', 'populate: cgroup-pages', 'populate: pool-too-small'],
    ],
    ['cgroup-v1', 'nothing, of what is neither reserved nor populated', { size: '64MiB', ...HUGETLB, reserve: false, prefault: false }, []],
    ['cgroup-v1', 'a memory cgroup, whose cache counts as free', { size: '448MiB', ...THP }, []],
    ['cgroup-v1', 'a memory cgroup', { size: '480MiB', ...THP }, ['populate: memory-cgroup']],
    ['cgroup-v2', 'limits above the process', { size: '64MiB', ...HUGETLB }, ['map: cgroup-reservations', 'populate: cgroup-pages']],
    ['thp-never', 'overcommit that does not suffice', { size: '64MiB', ...HUGETLB }, ['map: pool-too-small']],
    ['thp-never', 'overcommit that suffices', { size: '32MiB', ...HUGETLB }, []],
    ['thp-never', 'THP, which are made of what is populated', { size: '64MiB', ...THP }, []],
    ['thp-never', 'THP, of what nobody populates', { size: '64MiB', ...THP, prefault: false }, ['populate: thp-off']],
    ['two-nodes', 'prctl(PR_SET_THP_DISABLE)', { size: '64MiB', ...THP }, ['populate: thp-disabled']],
    ['arm64', 'vm.overcommit_memory 2', { size: '3GiB', backing: ['base'] }, ['map: overcommit']],
    ['no-hugetlb', 'a kernel without pools', { size: '64MiB', ...HUGETLB }, ['map: no-hugetlb']],
    ['no-hugetlb', 'less memory than that', { size: '900MiB', ...THP }, ['populate: out-of-memory']],
    ['container', 'a page size of no pool', { size: '64MiB', pageSize: '64KiB', ...HUGETLB }, ['map: no-such-page-size']],
  ])('%s: %s', (machine, _, options, reasons) => {
    expect(codes(machine, options)).toEqual(reasons);
    expect(explain(options, fixture(machine)).possible).toBe(reasons.length === 0);
  });

  it('takes the first backing that is possible', () => {
    expect(explain({ size: '64MiB' }, fixture('cgroup-v2'))).toMatchObject({
      possible: true,
      backing: { kind: 'thp' },
      candidates: [{ possible: false }, { possible: true, reasons: [] }, { backing: 'base', possible: true }],
    });
  });

  it('takes none where a page size is no page size', () => {
    const diagnosis = explain({ size: '64MiB', pageSize: '3MiB' }, fixture('cgroup-v2'));
    expect(diagnosis).toMatchObject({ possible: false, candidates: [{ reasons: [{ error: 'ERR_HUGEPAGES_PAGE_SIZE' }] }, {}, {}] });
    expect(diagnosis).not.toHaveProperty('backing');
  });

  it('goes on where there are no pools, whatever page size was asked for', () => {
    const options = { size: '3MiB', pageSize: '1GiB' } as const;
    expect(explain(options, fixture('no-hugetlb'))).toMatchObject({
      possible: true,
      backing: { kind: 'thp' },
      candidates: [{ backing: 'hugetlb', pageSize: GiB, byteLength: GiB, reasons: [{ code: 'no-hugetlb' }] }, { possible: true }, {}],
    });
    // And so does allocate(), which takes the same plan.
    const { candidates } = parseOptions(options, [], recordedFacts(fixture('no-hugetlb')));
    const [missing] = candidates.flatMap(({ unavailable }) => unavailable ?? []);
    expect(missing && unavailableFailure(missing)).toMatchObject({
      code: 'ERR_HUGEPAGES_UNSUPPORTED',
      message: 'This kernel has no hugetlb pools. Run a kernel built with CONFIG_HUGETLBFS, with /sys mounted',
      details: { reasons: [{ code: 'no-hugetlb' }] },
    });
  });

  it.each(['no-hugetlb', 'cgroup-v2'])('%s: refuses a wrong page size whatever the backing', (machine) => {
    for (const backing of [['hugetlb'], ['thp', 'base']] as const) {
      const refusal = (pageSize: unknown): unknown => errorOf(() => explain({ size: 1, backing, pageSize } as never, fixture(machine)));
      expect(refusal('huge')).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
      expect(refusal(-1)).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
      expect(refusal(null)).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    }
  });

  it('tells what a prefault in the background would fail on, of a backing that is possible', () => {
    const options = { size: '64MiB', ...HUGETLB, reserve: false, prefault: { background: true } } as const;
    expect(explain(options, fixture('cgroup-v1'))).toMatchObject({ possible: true });
    expect(codes('cgroup-v1', options)).toContain('populate: pool-too-small');
  });

  it('has a command for the files of the machine, not of the recording', () => {
    const [reason] = explain({ size: '64MiB', ...HUGETLB }, fixture('cgroup-v2')).candidates[0]?.reasons ?? [];
    const file = '/sys/fs/cgroup/user.slice/user-1000.slice/hugetlb.2MB.rsvd.max';
    expect(reason).toMatchObject({ details: { cgroup: '/user.slice/user-1000.slice', file }, remedy: { needsRoot: true } });
    // 48 MiB are reserved already.
    expect(reason?.remedy?.command).toMatch(new RegExp(`^echo ${String(112 * 2 ** 20)} \\| (sudo )?tee ${file}$`));
  });

  it('knows the nodes and pools of the machine, not of this one', () => {
    const numa = { mode: 'bind', nodes: [3] } as const;
    expect(explain({ size: 1, pageSize: '2MiB', numa }, fixture('four-nodes')).possible).toBe(true);
    expect(errorOf(() => explain({ size: 1, numa: { mode: 'bind', nodes: [4] } }, fixture('four-nodes')))).toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
    });
  });
});
