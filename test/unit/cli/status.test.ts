import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderStatus } from '../../../lib/cli/status.js';
import type { StatusReport } from '../../../lib/cli/status.js';
import { limits } from '../../../lib/host/limits.js';
import { mounts } from '../../../lib/host/mounts/mounts.js';
import { pools } from '../../../lib/host/pools/pools.js';
import { thp } from '../../../lib/host/thp.js';
import { TWO_NODES } from '../host/fixtures.js';

function text(changes: Partial<StatusReport> = {}): string {
  const report = { pools: pools(TWO_NODES), thp: thp(TWO_NODES), mounts: mounts(TWO_NODES), limits: limits(TWO_NODES), ...changes };
  return stripVTControlCharacters(renderStatus(report).join('\n'));
}

describe('renderStatus', () => {
  it('shows all of a machine', () => {
    expect(text()).toBe(`hugetlb pools
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

hugetlbfs mounts
  mount point     page size       size  reserved      files   owner  mode
  /dev/hugepages       2MiB  unlimited      none  unlimited     0:0   755
  /mnt/huge 1g\\x       1GiB       2GiB      1GiB         16  0:1001  1770  read-only

This process
  locked memory         64MiB, at most unlimited
  CAP_IPC_LOCK          yes
  CAP_SYS_ADMIN         no
  CPUs                  0-3,8-11
  NUMA nodes            0
  SHM_HUGETLB group     1001
  largest SysV segment  unlimited`);
  });

  it('says what a kernel does not have', () => {
    const bare = text({ pools: [], thp: thp({ root: '/nonexistent' }), mounts: [] });
    expect(bare).toContain('none: this kernel has no hugetlb pools');
    expect(bare).toContain('none: this kernel has no transparent huge pages');
    expect(bare).toContain('hugetlbfs mounts\n  none\n');
  });
});
