/** What a refused page costs a mount with a size. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { allocateSync, mount, mountUsage, unmountSync } from '../../../../lib/index.js';
import { withCgroup } from '../../../support/cgroup.js';
import { withMountDirectory } from '../../../support/mounts.js';
import { HUGE_PAGE as H } from '../../../support/page-sizes.js';
import { setPages, withPool } from '../../../support/pool.js';
import { requires } from '../../../support/requirements.js';
import { errorOf } from '../../../support/thrown.js';

const SIZE = 6;
const POOL = { pageSize: H, pages: SIZE };
const FILE = { size: 3 * H, backing: ['hugetlb'], source: 'file' } as const;
const CHILD = fileURLToPath(new URL('children/take-file.mjs', import.meta.url));

// On a page size that the machine has not mounted by itself.
requires({ pool: POOL, noMount: H, cgroup: true }).describe('the size of a mount', () => {
  withPool(POOL);
  const directory = withMountDirectory();

  it('is what it was when a reservation is refused', () => {
    const path = directory.path('m');
    mount({ path, size: SIZE * H });
    setPages(H, 0);
    expect(errorOf(() => allocateSync(FILE))).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MEMORY' });
    setPages(H, SIZE);
    expect(mountUsage(path).pages).toMatchObject({ used: 0, free: SIZE });
    unmountSync(path);
  });

  it.each<[string, () => void]>([
    [
      'by the pool',
      () => {
        setPages(H, 0);
        expect(errorOf(() => allocateSync({ ...FILE, reserve: false }))).toMatchObject({ code: 'ERR_HUGEPAGES_POPULATE' });
        setPages(H, SIZE);
      },
    ],
    [
      'by a cgroup',
      () => {
        const said = withCgroup(H, { max: 0 }, ([enter = '', ...args]) =>
          execFileSync(enter, [...args, process.execPath, CHILD, String(FILE.size)], { encoding: 'utf8' }),
        );
        expect(said).toBe('ERR_HUGEPAGES_POPULATE\n');
      },
    ],
    [
      'for a hole',
      () => {
        using region = allocateSync(FILE);
        region.discard(0, H);
        using others = allocateSync({ size: (SIZE - 2) * H, backing: ['hugetlb'] });
        expect(errorOf(() => region.refillSync())).toMatchObject({ code: 'ERR_HUGEPAGES_POPULATE' });
        others.dispose();
      },
    ],
  ])('may be less when a page is refused, until it is mounted anew: %s', (_, refuse) => {
    const path = directory.path('m');
    mount({ path, size: SIZE * H });
    refuse();
    // None, once the kernel is mended.
    expect([0, 1, 2]).toContain(mountUsage(path).pages?.used);
    unmountSync(path);
    mount({ path, size: SIZE * H });
    expect(mountUsage(path).pages).toMatchObject({ used: 0, free: SIZE });
    unmountSync(path);
  });
});
