/** Acceptance 19 and 20: what a cgroup is charged for hugetlb pages, as `cgroupLimits()` and the files of the cgroup tell it. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { controllerName, makeCgroup } from '../../support/cgroup.js';
import type { TestCgroup } from '../../support/cgroup.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const POOL = { pageSize: H, pages: 8 };
const PAGES = 5;
const NOTHING = { usage: 0, reservedUsage: 0 };

/** What a child that starts in the cgroup prints. */
function runIn({ enter }: TestCgroup, program: string, ...args: readonly (string | number | boolean)[]): unknown {
  const [shell = '', ...enterArgs] = enter;
  const child = fileURLToPath(new URL(`children/${program}.mjs`, import.meta.url));
  const { status, signal, stdout, stderr } = spawnSync(shell, [...enterArgs, process.execPath, child, ...args.map(String)], {
    encoding: 'utf8',
  });
  expect([status, signal, stderr]).toEqual([0, null, '']);
  return JSON.parse(stdout) as unknown;
}

requires({ cgroup: true, pool: POOL }).describe('a cgroup', () => {
  withPool(POOL);
  let cgroup: TestCgroup;
  let before: ReturnType<typeof allCounters>;
  beforeEach(() => {
    before = allCounters();
    cgroup = makeCgroup();
  });
  afterEach(() => {
    cgroup.remove();
    expect(delta(before)).toEqual({});
  });
  const file = (name: string): string => `${cgroup.directory}/hugetlb.${controllerName(H)}.${name}`;

  describe.each([false, true])('with a region that is shared: %s', (shared) => {
    it('is charged for a reservation at once, for pages when they are present, and for nothing after dispose', () => {
      expect(runIn(cgroup, 'charges', H, PAGES, shared, true)).toEqual({
        mapped: { usage: 0, reservedUsage: PAGES * H },
        populated: { usage: PAGES * H, reservedUsage: PAGES * H },
        disposed: NOTHING,
      });
    });

    it('is charged for nothing until a region without reservation is populated', () => {
      expect(runIn(cgroup, 'charges', H, PAGES, shared, false)).toEqual({
        mapped: NOTHING,
        populated: { usage: PAGES * H, reservedUsage: PAGES * H },
        disposed: NOTHING,
      });
    });
  });

  it('shows its limits, and a region beyond either is a coded error', () => {
    writeFileSync(file('rsvd.max'), String(6 * H));
    writeFileSync(file('max'), String(3 * H));
    expect(runIn(cgroup, 'over-limit', H)).toEqual({
      limits: [{ path: expect.any(String) as string, directory: cgroup.directory, limit: 3 * H, reservedLimit: 6 * H, ...NOTHING }],
      overReserved: { name: 'HugePagesError', code: 'ERR_HUGEPAGES_NO_MEMORY', syscall: 'mmap' },
      overLimit: { name: 'HugePagesError', code: 'ERR_HUGEPAGES_POPULATE', populatedBytes: 3 * H },
      after: NOTHING,
    });
    expect(Number(readFileSync(file('rsvd.current'), 'utf8'))).toBe(0);
  });

  it('shows the limits of the cgroup above, which hold as well', () => {
    const leaf = cgroup.divide('leaf');
    try {
      writeFileSync(file('rsvd.max'), String(6 * H));
      writeFileSync(file('max'), String(3 * H));
      expect(runIn(leaf, 'over-limit', H)).toMatchObject({
        limits: [
          { directory: leaf.directory, limit: null, reservedLimit: null },
          { directory: cgroup.directory, limit: 3 * H, reservedLimit: 6 * H },
        ],
        overReserved: { code: 'ERR_HUGEPAGES_NO_MEMORY' },
        overLimit: { code: 'ERR_HUGEPAGES_POPULATE', populatedBytes: 3 * H },
      });
    } finally {
      leaf.remove();
    }
  });

  it('keeps the charge of a child that was removed, until the memory goes', () => {
    const [first, second] = [cgroup.divide('first'), cgroup.divide('second')];
    try {
      expect(runIn(first, 'orphan', H, PAGES, first.directory, second.directory)).toEqual({
        before: [PAGES * H, PAGES * H],
        removed: [0, PAGES * H],
        disposed: [0, 0],
      });
    } finally {
      second.remove();
      first.remove();
    }
  });
});
