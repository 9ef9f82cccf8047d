import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { Region, addressSpace } from '../../../lib/index.js';
import type { AddressSpaceMapping, PageShare } from '../../../lib/index.js';
import { draw } from '../../../lib/inspect/address-space/draw.js';
import { pids } from '../../../lib/inspect/procfs/pids.js';
import { statusOf } from '../../../lib/inspect/procfs/status.js';
import { KiB } from '../../../lib/units.js';
import { HUGE_PAGE } from '../../support/page-sizes.js';
import { pmap } from '../../support/pmap.js';
import { withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { STOPPED_NEED, TAKEN_PAGES, UNTOUCHED_PAGES, withStopped } from '../../support/stopped.js';
import { withArrangement } from './arrangement.js';

const ROOM = { columns: 60, rows: 24 };

function inKiB(bytes: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(bytes).map(([name, value]) => [name, value / KiB]));
}

/** Others map the pages of libraries as well, pmap among them: what of those is shared, and by how many, changes with every process. */
function steady(mapping: AddressSpaceMapping | undefined, figures: Readonly<Record<string, number>>): Record<string, number> {
  return mapping?.path.startsWith('/') === true && !mapping.deleted ? unshared(figures) : figures;
}

function unshared(figures: Readonly<Record<string, number>>): Record<string, number> {
  const { Shared_Clean: shared = 0, Private_Clean: own = 0 } = figures;
  return { ...figures, Pss: 0, Shared_Clean: 0, Private_Clean: shared + own };
}

function nameOf({ path, deleted }: AddressSpaceMapping): string {
  return path.replaceAll('\n', '\\012') + (deleted ? ' (deleted)' : '');
}

requires({ pool: STOPPED_NEED, thp: true }).describe('addressSpace of a process that does not move', () => {
  withPool(STOPPED_NEED);

  requires({ program: 'pmap' }).it('says what pmap -XX says, column by column', async () => {
    await withStopped(async (pid, { token }) => {
      // Two processes map the same pages: they are Shared_Hugetlb.
      using attached = Region.attach(token);
      await attached.prefault();
      const { mappings, totals } = await addressSpace(pid);
      expect(totals['Shared_Hugetlb']).toBe(attached.byteLength);
      const theirs = pmap(pid);
      const ours = mappings.map((mapping) => ({
        address: mapping.start.toString(16).padStart(8, '0'),
        permissions: mapping.permissions,
        offset: mapping.offset.toString(16).padStart(8, '0'),
        device: mapping.device,
        inode: String(mapping.inode),
        figures: steady(mapping, { ...inKiB(mapping.bytes), ...mapping.numbers }),
        rest: [...mapping.flags, nameOf(mapping)].join(' ').replaceAll(/\s+/g, ' ').trim(),
      }));
      expect(ours).toEqual(theirs.rows.map((row, index) => ({ ...row, figures: steady(mappings[index], row.figures) })));
      expect(unshared(theirs.totals)).toMatchObject(unshared(inKiB(totals)));
    });
  });

  requires({}).it('tells huge pages by kind', async () => {
    await withStopped(async (pid) => {
      const { pages, totals } = await addressSpace(pid);
      const sum = (...names: string[]): number => names.reduce((bytes, name) => bytes + (totals[name] ?? 0), 0);
      const of = (kind: string): number => pages.reduce((bytes, share) => (share.kind === kind ? bytes + share.bytes : bytes), 0);
      expect(of('hugetlb')).toBe(TAKEN_PAGES * HUGE_PAGE);
      expect(of('hugetlb-absent')).toBe(UNTOUCHED_PAGES * HUGE_PAGE);
      expect(sum('AnonHugePages')).toBeGreaterThanOrEqual(2 * HUGE_PAGE);
      expect(sum('ShmemPmdMapped')).toBe(HUGE_PAGE);
      expect(of('hugetlb')).toBe(sum('Private_Hugetlb', 'Shared_Hugetlb'));
      expect(of('thp')).toBe(sum('AnonHugePages', 'ShmemPmdMapped', 'FilePmdMapped'));
      expect(of('thp') + of('base')).toBe(sum('Rss'));
      expect(pages.reduce((bytes, share) => bytes + share.bytes, 0)).toBe(sum('Size'));
    });
  });

  requires({}).it('is drawn with each page at its place, and all that smaps counts', async () => {
    await withStopped(async (pid, { touched }) => {
      const space = await addressSpace(pid, { hugeOnly: true });
      const drawn = await draw(space, ROOM, {});
      const isHuge = ({ kind }: PageShare): boolean => kind !== 'base' && kind !== 'absent';
      expect(drawn.shares.filter(isHuge)).toEqual(space.pages.filter(isHuge));
      const mappings = space.mappings.filter(({ start }) => start === touched);
      const { rows } = await draw({ ...space, mappings }, ROOM, {});
      const kinds = rows.map((row) => row.map((cell) => cell?.shares.map(({ kind, bytes }) => [kind, bytes])));
      expect(kinds).toEqual([[[['hugetlb-absent', HUGE_PAGE]], [['hugetlb', HUGE_PAGE]], [['hugetlb-absent', HUGE_PAGE]]]]);
    });
  });

  requires({ compiler: true }).it('is that of the other threads where the first one has ended', async () => {
    await withArrangement(async (arrange) => {
      const [pid = 0] = await arrange([`private,${String(Math.log2(HUGE_PAGE))},3,2 leave`]);
      const space = await addressSpace(pid, { hugeOnly: true });
      const pages = [
        { kind: 'hugetlb', pageSize: HUGE_PAGE, bytes: 2 * HUGE_PAGE },
        { kind: 'hugetlb-absent', pageSize: HUGE_PAGE, bytes: HUGE_PAGE },
      ];
      expect(space).toMatchObject({ pid, hasAddressSpace: true, pages });
      expect((await draw(space, ROOM, {})).shares).toEqual(pages);
    });
  });

  requires({}).it('lists with hugeOnly what has huge pages or will have', async () => {
    await withStopped(async (pid) => {
      const all = await addressSpace(pid);
      const huge = await addressSpace(pid, { hugeOnly: true });
      expect(huge.mappingCount).toBe(all.mappings.length);
      expect(huge.mappings).toEqual(all.mappings.filter(({ huge: isHuge }) => isHuge));
      expect(huge.mappings.filter(({ flags }) => flags.includes('ht'))).toHaveLength(3);
      expect(huge.mappings.filter(({ path }) => path.includes('two\nlines'))).toHaveLength(1);
    });
  });
});

it('addressSpace of a process that becomes another again and again is whole or an error', async () => {
  const again = 'exec sh -c "$0" "$0"';
  const child = spawn('sh', ['-c', again, again], { stdio: 'ignore' });
  try {
    for (let round = 0; round < 100; round++) {
      const space = await addressSpace(child.pid ?? 0).catch((error: unknown) => error as { code: string });
      if ('code' in space) expect(space.code).toBe('ERR_HUGEPAGES_BUSY');
      else expect(space.mappings.map(({ path }) => path)).toContain('[stack]');
    }
  } finally {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
});

it('addressSpace of processes that end is whole or ERR_HUGEPAGES_NO_PROCESS', async () => {
  for (let round = 0; round < 20; round++) {
    const child = spawn('true', { stdio: 'ignore' });
    const exit = once(child, 'exit');
    for (let ended = false; !ended; ) {
      const space = await addressSpace(child.pid ?? 0).catch((error: unknown) => error as { code: string });
      if ('code' in space) expect(space.code).toBe('ERR_HUGEPAGES_NO_PROCESS');
      else if (space.hasAddressSpace) expect(space.mappings.map(({ path }) => path)).toContain('[stack]');
      ended = 'code' in space || !space.hasAddressSpace;
    }
    await exit;
    await expect(addressSpace(child.pid ?? 0)).rejects.toMatchObject({ code: 'ERR_HUGEPAGES_NO_PROCESS', details: { pid: child.pid } });
  }
});

it('addressSpace of a kernel thread has no mappings', async () => {
  const thread = pids().find((pid) => {
    const status = statusOf(pid);
    return typeof status === 'object' && !status.hasAddressSpace && status.state !== 'Z';
  });
  if (thread === undefined) return; // a PID namespace does not show them
  expect(await addressSpace(thread)).toMatchObject({ pid: thread, hasAddressSpace: false, mappingCount: 0, mappings: [], pages: [] });
});
