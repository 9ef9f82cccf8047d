import { describe, expect, it } from 'vitest';
import { parseMounts } from '../../../../lib/host/mounts/mounts.js';
import { MiB } from '../../../../lib/units.js';

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
