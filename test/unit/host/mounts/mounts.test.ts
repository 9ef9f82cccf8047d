import { describe, expect, it } from 'vitest';
import { mounts, parseMounts } from '../../../../lib/host/mounts/mounts.js';
import { GiB, MiB } from '../../../../lib/units.js';
import { TWO_NODES } from '../fixtures.js';

describe('mounts', () => {
  it('finds the hugetlbfs mounts among all, with unescaped names and their limits', () => {
    expect(mounts(TWO_NODES)).toEqual([
      {
        id: 35,
        device: '0:31',
        root: '/',
        mountPoint: '/dev/hugepages',
        source: 'hugetlbfs',
        pageSize: 2 * MiB,
        size: undefined,
        minSize: undefined,
        nrInodes: undefined,
        ...{ uid: 0, gid: 0, mode: 0o755, hidden: false },
        options: ['rw', 'nosuid', 'nodev', 'relatime', 'pagesize=2M'],
      },
      {
        id: 61,
        device: '0:45',
        root: '/',
        mountPoint: '/mnt/huge 1g\\x',
        source: 'none',
        pageSize: GiB,
        size: 2 * GiB,
        minSize: GiB,
        nrInodes: 16,
        ...{ uid: 0, gid: 1001, mode: 0o1770, hidden: false },
        options: 'ro,relatime,rw,gid=1001,mode=1770,pagesize=1024M,size=2147483648,min_size=1073741824,nr_inodes=16'.split(','),
      },
    ]);
  });
});

describe('parseMounts', () => {
  it.each([
    ['no optional fields', '9 1 0:9 / /h rw - hugetlbfs none rw,pagesize=64K', '/h', 65536],
    ['several optional fields', '9 1 0:9 / /h rw shared:1 master:2 unbindable - hugetlbfs - rw,pagesize=2M', '/h', 2 * MiB],
    ['a mount point in other letters', '9 1 0:9 / /höhe\\011 rw - hugetlbfs none rw,pagesize=2M', '/höhe\t', 2 * MiB],
    ['a kernel that does not name the page size', '9 1 0:9 / /h rw - hugetlbfs none rw', '/h', undefined],
  ])('%s', (_, line, mountPoint, pageSize) => {
    expect(parseMounts(line)).toEqual([expect.objectContaining({ mountPoint, pageSize })]);
  });

  it.each(['', 'garbage', '9 1 0:9 / /h rw', '9 1 0:9 / /hugetlbfs rw - tmpfs hugetlbfs rw'])('finds none in %j', (text) => {
    expect(parseMounts(text)).toEqual([]);
  });
});
