import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../../../lib/host/setup/plan.js';
import type { ParsedPlan, SetupPlan } from '../../../../lib/host/setup/plan.js';
import { formatMount, parseMountText } from '../../../../lib/host/setup/mount-text.js';
import { kernelParameters, mountUnitText, serviceText, sysctlText } from '../../../../lib/host/setup/texts.js';
import { GiB, MiB } from '../../../../lib/units.js';
import { errorOf } from '../../../support/thrown.js';
import { TWO_NODES } from '../fixtures.js';

const plan = (given: SetupPlan): ParsedPlan => parsePlan(given, TWO_NODES);
const settings = (text: string | undefined): string[] => (text ?? '').split('\n').filter((line) => /^[a-zA-Z]/.test(line));
const writes = (text = ''): string[] =>
  text.split('\n').flatMap((line) => /^ {2}echo (.*) \|\| failed=1; \\$/.exec(line)?.[1] ?? []);

const NODE = '/sys/devices/system/node';
const POOLS = '/sys/kernel/mm/hugepages';

describe('sysctlText', () => {
  it('says what sysctl can say: of the default page size, and not by node', () => {
    const pools = [
      { pageSize: '2MiB', pages: 512, overcommit: 64 },
      { pageSize: '1GiB', pages: 2 },
    ];
    expect(settings(sysctlText(plan({ pools, shmGroup: 9 })))).toEqual([
      'vm.nr_hugepages = 512',
      'vm.nr_overcommit_hugepages = 64',
      'vm.hugetlb_shm_group = 9',
    ]);
    expect(sysctlText(plan({ pools: [{ pageSize: '2MiB', nodes: { 0: 1 } }] }))).toBeUndefined();
  });
});

describe('serviceText', () => {
  it('says what sysctl cannot', () => {
    const pools = [
      { pageSize: '2MiB', nodes: { 0: 5, 1: 3 }, overcommit: 64 },
      { pageSize: '1GiB', pages: 2, overcommit: 0 },
    ];
    expect(writes(serviceText(plan({ pools, thp: { enabled: 'never', shmem: 'advise' } })))).toEqual([
      `5 > ${NODE}/node0/hugepages/hugepages-2048kB/nr_hugepages`,
      `3 > ${NODE}/node1/hugepages/hugepages-2048kB/nr_hugepages`,
      `2 > ${POOLS}/hugepages-1048576kB/nr_hugepages`,
      `0 > ${POOLS}/hugepages-1048576kB/nr_overcommit_hugepages`,
      'never > /sys/kernel/mm/transparent_hugepage/enabled',
      'advise > /sys/kernel/mm/transparent_hugepage/shmem_enabled',
    ]);
    expect(serviceText(plan({ pools: [{ pageSize: '2MiB', pages: 512 }] }))).toBeUndefined();
  });
});

describe('mountUnitText', () => {
  it('keeps blanks and percent signs of a path', () => {
    const [mount] = plan({ mounts: [{ path: '/mnt/50% huge', uid: 7, mode: '770' }] }).mounts;
    if (mount === undefined) throw new Error('the plan has a mount');
    expect(settings(mountUnitText(mount))).toEqual(
      expect.arrayContaining(['Where=/mnt/50%% huge', 'Type=hugetlbfs', 'Options=nosuid,nodev,pagesize=2M,uid=7,gid=0,mode=0770']),
    );
  });
});

describe('kernelParameters', () => {
  it('are for pages of gigabytes, and larger ones than the default', () => {
    const pages = (pools: NonNullable<SetupPlan['pools']>, size = 2 * MiB): string | undefined => kernelParameters(plan({ pools }), size);
    expect(pages([{ pageSize: '1GiB', pages: 4 }])).toBe('hugepagesz=1G hugepages=4');
    expect(pages([{ pageSize: '1GiB', nodes: { 0: 2, 1: 1 } }])).toBe('hugepagesz=1G hugepages=0:2,1:1');
    expect(pages([{ pageSize: '2MiB', pages: 4 }])).toBeUndefined();
    expect(pages([{ pageSize: '1GiB', pages: 4 }], GiB)).toBe('hugepagesz=1G hugepages=4');
  });
});

describe('mount options', () => {
  it('read back what they wrote', () => {
    const values = { pageSize: 2 * MiB, size: 4 * GiB, minSize: 0, nrInodes: 5, uid: 1, gid: 2, mode: 0o1770 };
    const text = formatMount(values);
    expect(text).toBe('pagesize=2M,size=4G,min_size=0,nr_inodes=5,uid=1,gid=2,mode=1770');
    const given = { path: '/m', pageSize: '2M', size: '4G', minSize: '0', nrInodes: 5, uid: 1, gid: 2, mode: '1770' };
    expect(parseMountText('/m', text)).toEqual(given);
    expect(plan({ mounts: [given] }).mounts).toEqual([{ path: '/m', ...values }]);
  });

  it.each(['pagesize', 'nosuch=1', 'pageSize=2M', '__proto__=1'])('refuse %s', (text) => {
    expect(errorOf(() => parseMountText('/m', text))).toHaveProperty('code', 'ERR_INVALID_ARG_VALUE');
  });
});
