/** Every counter of this machine is what the kernel's own file says, while pages are used, reserved, surplus and charged. */
import { readFileSync, readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { allocateSync, cgroupLimits, numaNodes, pools, vmstat } from '../../../lib/index.js';
import { controllerName } from '../../support/cgroup.js';
import { HUGE_PAGE as H, HUGE_PAGES } from '../../support/page-sizes.js';
import { setPages, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const POOL = { pageSize: H, pages: 8 };
const NODES = '/sys/devices/system/node';

/** The text of a file; undefined where there is none. */
function text(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function number(file: string): number | undefined {
  const found = text(file);
  return found === undefined ? undefined : Number(found);
}

/** The numbers in the names of a directory's entries: 0 of `node0`. */
function numbered(directory: string, prefix: string): number[] {
  const numbers = readdirSync(directory).map((name) => Number(name.startsWith(prefix) ? name.slice(prefix.length) : NaN));
  return numbers.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
}

requires({ pool: POOL, numa: true }).describe('counters of this machine', () => {
  withPool(POOL);

  requires({}).it('of every pool, on every node', () => {
    const used = allocateSync({ size: 2 * H, pageSize: H, backing: ['hugetlb'] });
    const reserved = allocateSync({ size: 3 * H, pageSize: H, backing: ['hugetlb'], prefault: false });
    try {
      expect(pools().find(({ pageSize }) => pageSize === H)).toMatchObject({ total: 8, free: 6, reserved: 3 });
      const expected = HUGE_PAGES.map((pageSize) => {
        const name = `hugepages-${String(pageSize / 1024)}kB`;
        const global = (file: string): number | undefined => number(`/sys/kernel/mm/hugepages/${name}/${file}`);
        const demoteSize = /^(\d+)kB$/.exec(text(`/sys/kernel/mm/hugepages/${name}/demote_size`) ?? '')?.[1];
        return {
          pageSize,
          total: global('nr_hugepages'),
          free: global('free_hugepages'),
          reserved: global('resv_hugepages'),
          surplus: global('surplus_hugepages'),
          overcommit: global('nr_overcommit_hugepages'),
          mempolicy: global('nr_hugepages_mempolicy'),
          demoteSize: demoteSize === undefined ? undefined : Number(demoteSize) * 1024,
          isDefault: pageSize === H,
          perNode: numbered(NODES, 'node').map((node) => {
            const local = (file: string): number | undefined => number(`${NODES}/node${String(node)}/hugepages/${name}/${file}`);
            return { node, total: local('nr_hugepages'), free: local('free_hugepages'), surplus: local('surplus_hugepages') };
          }),
        };
      });
      expect(pools()).toEqual(expected);
    } finally {
      used.dispose();
      reserved.dispose();
    }
  });

  requires({}).it('of the CPUs of every node', () => {
    const expected = numbered(NODES, 'node').map((node) => ({ node, cpus: numbered(`${NODES}/node${String(node)}`, 'cpu') }));
    expect(numaNodes()).toEqual(expected);
  });

  requires({}).it('of events: the pages that a pool grows by, and no counter left out', () => {
    const before = vmstat();
    setPages(H, 11);
    setPages(H, 8);
    const after = vmstat();
    const name = 'htlb_buddy_alloc_success';
    if (name in before) expect((after[name] ?? 0) - (before[name] ?? 0)).toBe(3);
    const listed = (text('/proc/vmstat') ?? '').split('\n').map((line) => line.split(' ')[0] ?? '');
    expect(Object.keys(after)).toEqual(listed.filter((event) => /^(htlb|thp|compact)_/.test(event)));
  });

  requires({}).it('of every cgroup of this process', () => {
    const { hugetlb, memory } = cgroupLimits();
    for (const { pageSize, version, levels } of hugetlb) {
      const files = version === 2 ? ['max', 'rsvd.max'] : ['limit_in_bytes', 'rsvd.limit_in_bytes'];
      for (const { directory, limit, reservedLimit } of levels) {
        const said = files.map((name) => limitIn(`${directory}/hugetlb.${controllerName(pageSize)}.${name}`));
        expect([limit, reservedLimit], directory).toEqual(said);
      }
    }
    for (const { directory, limit } of memory.levels) {
      expect(limit, directory).toBe(limitIn(`${directory}/memory.${memory.version === 2 ? 'max' : 'limit_in_bytes'}`));
    }
  });
});

/** `max`, or a number close to 2^63, is no limit. */
function limitIn(file: string): number {
  const bytes = Number(text(file));
  return bytes < 2 ** 53 ? bytes : Infinity;
}
