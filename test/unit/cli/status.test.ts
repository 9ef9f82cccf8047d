import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readStatus } from '../../../lib/cli/status.js';
import type { StatusReport } from '../../../lib/cli/status.js';
import { renderStatus } from '../../../lib/cli/status/render.js';
import { thp } from '../../../lib/host/thp.js';
import { TWO_NODES, fixture } from '../host/fixtures.js';

function text(tree: { readonly root: string }, changes: Partial<StatusReport> = {}): string {
  return stripVTControlCharacters(renderStatus({ ...readStatus(tree), ...changes }).join('\n'));
}

describe('renderStatus', () => {
  it('shows all of a machine', () => {
    expect(text(TWO_NODES)).toBe(`hugetlb pools
  pool (pages)    total  free  reserved  surplus  overcommit
  2MiB (default)    300   120        20       44          64
    node 0          200   100                 44
    node 1          100    20                  0
  1GiB                2     1         0        0           0
    node 0            2     1                  0
    node 1            0     0                  0

Transparent huge pages
  enabled            always, but taken from this process by prctl(PR_SET_THP_DISABLE)
  page size          2MiB
  defrag             madvise
  shared memory      never
  khugepaged defrag  no

Memory by NUMA node
          total  free  anon THP  shmem THP  file THP
  node 0  32GiB  8GiB      2GiB       4MiB        0B
  node 1  32GiB  1GiB        0B         0B     24MiB

hugetlbfs mounts
  mount point     page size       size  reserved      files   owner  mode
  /dev/hugepages       2MiB  unlimited      none  unlimited     0:0   755
  /mnt/huge 1g\\x       1GiB       2GiB      1GiB         16  0:1001  1770  read-only

This process
  locked memory         0B of 64MiB, at most unlimited
  address space         0B of unlimited, at most unlimited
  data                  0B of unlimited, at most unlimited
  CAP_IPC_LOCK          yes
  CAP_SYS_ADMIN         no
  CAP_SYS_RESOURCE      no
  CPUs                  0-3,8-11
  NUMA nodes            0
  SHM_HUGETLB           yes, group 1001
  largest SysV segment  unlimited

Limits of its cgroups
  none

Container
  kind                  none that shows
  sysfs                 writable
  may change the pools  yes
  mounts of its own     unknown`);
  });

  it('says what a kernel does not have', () => {
    const bare = text(TWO_NODES, { pools: [], thp: thp({ root: '/nonexistent' }), mounts: [], nodes: [] });
    expect(bare).toContain('none: this kernel has no hugetlb pools');
    expect(bare).toContain('none: this kernel has no transparent huge pages');
    expect(bare).toContain('hugetlbfs mounts\n  none\n');
    expect(bare).toContain('Memory by NUMA node\n  unknown\n');
  });

  it('shows what each cgroup on the way up limits, and nothing of those that do not', () => {
    expect(text(fixture('cgroup-v2'))).toContain(`
Limits of its cgroups
  cgroup                                                                                         used   limit
  /user.slice/user-1000.slice: 2MiB pages present                                               40MiB   64MiB
  /user.slice: 2MiB pages present                                                               56MiB  128MiB
  /user.slice/user-1000.slice: 2MiB pages reserved                                              48MiB   80MiB
  /user.slice/user-1000.slice: 1GiB pages present                                                  0B      0B
  /user.slice/user-1000.slice: 1GiB pages reserved                                                 0B      0B
  /user.slice: 1GiB pages reserved                                                                 0B    1GiB
  /user.slice/user-1000.slice/user@1000.service/app.slice/cache.service: memory with hugetlb   212MiB  512MiB
  /user.slice/user-1000.slice: memory with hugetlb                                            1.25GiB    4GiB
`);
  });

  it('shows what a container keeps from the process', () => {
    expect(text(fixture('container'))).toMatch(/Container\n {2}kind +docker\n {2}sysfs +read-only\n {2}may change the pools +no\n/);
  });
});
