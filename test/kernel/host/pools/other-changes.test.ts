/** Overcommit, nodes, policies and splitting, with the exact counters of every pool. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allocateSync, demote, growPool, pool, setPool } from '../../../../lib/index.js';
import { GiB, MiB } from '../../../../lib/units.js';
import { HUGE_PAGE as H } from '../../../support/page-sizes.js';
import { allCounters, counters, delta, obtainable, setPages, withPool } from '../../../support/pool.js';
import { requires } from '../../../support/requirements.js';
import { errorOf, rejectionOf } from '../../../support/thrown.js';

const need = { pageSize: H, pages: 4 };

// Acceptance case 4.
requires({ pool: need }).describe('overcommit', () => {
  withPool(need);
  const sixPages = { size: 6 * H, backing: ['hugetlb'] } as const;

  it('gives a mapping beyond the pool what it lacks, as surplus', async () => {
    expect(await setPool({ pageSize: H, overcommit: 2 })).toMatchObject({
      overcommit: { before: 0, requested: 2, granted: 2 },
      ...{ before: 4, requested: 4, granted: 4 },
    });
    const before = allCounters();
    using region = allocateSync({ ...sixPages, prefault: false });
    expect(delta(before)).toEqual({ [H]: { total: 2, free: 2, reserved: 6, surplus: 2 } });
    expect(errorOf(() => allocateSync({ size: H, backing: ['hugetlb'] }))).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MEMORY' });
    region.dispose();
    expect(delta(before)).toEqual({});
    expect(await setPool({ pageSize: H, overcommit: 0 })).toMatchObject({ overcommit: { before: 2, granted: 0 } });
  });

  it('is needed for that', () => {
    const before = allCounters();
    expect(errorOf(() => allocateSync(sixPages))).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MEMORY' });
    expect(delta(before)).toEqual({});
  });
});

requires({ root: true, hugetlb: [GiB] }).it('overcommit of gigantic pages is refused, and nothing else of the change is made', async () => {
  const before = allCounters();
  const error = await rejectionOf(setPool({ pageSize: GiB, pages: 1, overcommit: 1 }));
  expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_UNSUPPORTED', errno: -22, details: { pageSize: GiB } });
  expect((error as Error).message).toContain('no overcommit of 1GiB pages');
  expect(delta(before)).toEqual({});
});

requires({ pool: need, numa: true }).describe('nodes', () => {
  withPool(need);

  it('get what is asked for, each', async () => {
    const result = await setPool({ pageSize: H, nodes: { 0: 6 } });
    expect(result).toMatchObject({ before: 4, requested: 6, granted: 6 });
    expect(result.perNode).toEqual(pool(H)?.perNode.map(({ node, total }) => ({ node, before: 4, requested: 6, granted: total })));
    const file = `/sys/devices/system/node/node0/hugepages/hugepages-${String(H / 1024)}kB/nr_hugepages`;
    expect(result.writes).toEqual([{ path: file, value: '6' }]);
    expect(await setPool({ pageSize: H, node: 0, pages: 4 })).toMatchObject({ before: 6, granted: 4 });
  });

  it.each(['bind', 'interleave', 'preferred'] as const)('give pages under the policy %s, which is the thread’s no longer', async (mode) => {
    const policy = { mode, nodes: [0] };
    expect(await setPool({ pageSize: H, pages: 7, policy })).toMatchObject({ granted: 7, writes: [{ policy }] });
    expect(pool(H)).toMatchObject({ total: 7, mempolicy: 7 });
    expect(Number(readFileSync('/proc/sys/vm/nr_hugepages', 'utf8'))).toBe(7);
    expect(await growPool({ pageSize: H, freePages: 8, policy })).toMatchObject({ before: 7, granted: 8 });
    await setPool({ pageSize: H, pages: 4 });
  });

  it('that the machine lacks are refused', async () => {
    expect(await rejectionOf(setPool({ pageSize: H, node: 1023, pages: 1 }))).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    const policy = { mode: 'bind', nodes: [0, 1023] } as const;
    expect(await rejectionOf(setPool({ pageSize: H, pages: 1, policy }))).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
  });
});

requires({ pool: { pageSize: GiB, pages: 3 }, hugetlb: [2 * MiB] }).describe('a free page of 1 GiB', () => {
  withPool({ pageSize: GiB, pages: 1 }, { pageSize: 2 * MiB, pages: 3 });

  it('is split into pages of 2 MiB', async () => {
    const before = allCounters();
    const demotion = { pageSize: '1GiB', pages: 2 };
    expect(await demote({ ...demotion, dryRun: true })).toMatchObject({ demoted: 0, gained: 0, targetSize: 2 * MiB });
    expect(delta(before)).toEqual({});
    expect(await demote(demotion)).toMatchObject({ requested: 2, demoted: 1, gained: 512 });
    expect(delta(before)).toEqual({ [GiB]: { total: -1, free: -1 }, [2 * MiB]: { total: 512, free: 512 } });
    await setPool({ pageSize: 2 * MiB, pages: 3 });
    await setPool({ pageSize: GiB, pages: 1, compact: true, retries: 5 });
  });

  it('is not split while it is in use', async () => {
    using region = allocateSync({ size: GiB, pageSize: GiB, backing: ['hugetlb'], prefault: false });
    expect(await demote({ pageSize: GiB, pages: 1 })).toMatchObject({ demoted: 0, gained: 0 });
    region.dispose();
  });

  const PAGES = obtainable({ pageSize: GiB, pages: 3 });
  it.each([undefined, 0])('is not split when it is promised to a mapping and others are free: node %s', async (node) => {
    setPages(GiB, PAGES);
    using region = allocateSync({ size: GiB, pageSize: GiB, backing: ['hugetlb'], prefault: false });
    const before = allCounters();
    const others = PAGES - 1;
    expect(await demote({ pageSize: GiB, pages: PAGES, ...(node !== undefined && { node }) })).toMatchObject({
      ...{ requested: PAGES, demoted: others, gained: 512 * others },
      writes: [{ value: String(others) }],
    });
    expect(delta(before)).toEqual({ [GiB]: { total: -others, free: -others }, [2 * MiB]: { total: 512 * others, free: 512 * others } });
    await region.prefault();
    region.dispose();
    await setPool({ pageSize: 2 * MiB, pages: 3 });
  });

  it('can be split, and the smallest pages cannot', async () => {
    expect(await rejectionOf(demote({ pageSize: 2 * MiB, pages: 1 }))).toMatchObject({ code: 'ERR_HUGEPAGES_UNSUPPORTED' });
    expect(counters(2 * MiB).total).toBe(3);
  });
});
