import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addressSpace } from '../../../../lib/inspect/address-space/address-space.js';
import type { AddressSpaceOptions } from '../../../../lib/inspect/address-space/address-space.js';
import { KiB, MiB } from '../../../../lib/units.js';
import { RECORDED_PID, recordedProcesses } from '../../../support/recorded-process.js';

const smaps = readFileSync(new URL('../../../fixtures/smaps.txt', import.meta.url), 'utf8');
const maps = smaps.match(/^[0-9a-f]+-.*\n/gm)?.join('') ?? '';
const status = 'Name:\ta\\nb\nState:\tT (stopped)\nPPid:\t1\nUid:\t0\t0\t0\t0\nVmSize:\t 13312 kB\n';
const recorded = recordedProcesses();
const tree = recorded({ status, smaps, maps });

describe('addressSpace', () => {
  it('has all mappings, and sums of everything that can be added up', async () => {
    const space = await addressSpace(RECORDED_PID, tree);
    expect(space).toMatchObject({ pid: RECORDED_PID, command: 'a\nb', hasAddressSpace: true, mappingCount: 3 });
    expect(space.mappings.map(({ huge }) => huge)).toEqual([false, true, true]);
    expect(space.totals).toEqual({
      Size: 13 * MiB,
      Rss: 4.5 * MiB,
      Pss: 4.5 * MiB,
      AnonHugePages: 2 * MiB,
      Shared_Hugetlb: 0,
      Private_Hugetlb: 8 * MiB,
    });
    expect(space.pages).toEqual([
      { kind: 'hugetlb', pageSize: 2 * MiB, bytes: 8 * MiB },
      { kind: 'thp', pageSize: 2 * MiB, bytes: 2 * MiB },
      { kind: 'base', pageSize: 4 * KiB, bytes: 2.5 * MiB },
      { kind: 'absent', pageSize: 4 * KiB, bytes: 512 * KiB },
    ]);
  });

  it('has sums of 0 where nothing is listed', async () => {
    const [small = ''] = smaps.split(/^(?=[0-9a-f]+-)/m);
    const one = recorded({ status, smaps: small, maps: maps.split('\n', 1).join() });
    const space = await addressSpace(RECORDED_PID, { ...one, hugeOnly: true });
    expect(space).toMatchObject({ mappingCount: 1, mappings: [], totals: { Size: 0, AnonHugePages: 0, Private_Hugetlb: 0 } });
  });

  it('leaves out what is not huge, and its sums', async () => {
    const space = await addressSpace(RECORDED_PID, { ...tree, hugeOnly: true });
    expect(space).toMatchObject({ mappingCount: 3, totals: { Size: 12 * MiB, Rss: 4 * MiB } });
    expect(space.mappings.map(({ path }) => path)).toEqual(['', '/anon_hugepage']);
  });

  it('sums what some mappings alone have, and what no kernel has yet', async () => {
    const text = smaps.replace(/^AnonHugePages/m, 'NewPages:     12 kB\nNewNumber:      3\nAnonHugePages');
    const { totals, mappings } = await addressSpace(RECORDED_PID, recorded({ status, smaps: text, maps }));
    expect(totals).toMatchObject({ NewPages: 12 * KiB, AnonHugePages: 2 * MiB });
    expect(totals).not.toHaveProperty('NewNumber');
    expect(mappings[0]?.numbers).toMatchObject({ NewNumber: 3 });
  });

  it('is empty for a kernel thread and a zombie', async () => {
    const thread = recorded({ status: 'Name:\tkthreadd\nState:\tS (sleeping)\nPPid:\t0\n', smaps: '', maps: '' });
    const space = await addressSpace(RECORDED_PID, thread);
    expect(space).toMatchObject({ command: 'kthreadd', hasAddressSpace: false, mappings: [], totals: { Private_Hugetlb: 0 } });
  });

  it('never takes what was cut short for the whole', async () => {
    const [first = '', ...rest] = smaps.split(/^(?=[0-9a-f]+-)/m);
    const cut = [first, ...rest.slice(0, -1)].join('');
    const read = async (texts: Record<string, string>): Promise<unknown> => addressSpace(RECORDED_PID, recorded({ status, ...texts }));
    await expect(read({ smaps: cut, maps })).rejects.toMatchObject({ code: 'ERR_HUGEPAGES_BUSY' });
    // It has an address space all the same: it has become another.
    await expect(read({ smaps: cut, maps: '' })).rejects.toMatchObject({ code: 'ERR_HUGEPAGES_BUSY' });
    await expect(read({ smaps: '', maps: '' })).rejects.toMatchObject({ code: 'ERR_HUGEPAGES_BUSY' });
  });

  it.each([
    [0, 'ERR_OUT_OF_RANGE'],
    [-1, 'ERR_OUT_OF_RANGE'],
    [1.5, 'ERR_OUT_OF_RANGE'],
    [2 ** 22 + 1, 'ERR_OUT_OF_RANGE'],
    [NaN, 'ERR_OUT_OF_RANGE'],
    ['1', 'ERR_INVALID_ARG_TYPE'],
    [1n, 'ERR_INVALID_ARG_TYPE'],
    [undefined, 'ERR_INVALID_ARG_TYPE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
    [{}, 'ERR_INVALID_ARG_TYPE'],
  ])('refuses %s as a pid', async (pid, code) => {
    await expect(addressSpace(pid as number)).rejects.toMatchObject({ code });
  });

  it.each([
    [{ hugeOnly: 1 }, 'ERR_INVALID_ARG_TYPE'],
    [{ root: 1 }, 'ERR_INVALID_ARG_TYPE'],
    [{ all: true }, 'ERR_INVALID_ARG_VALUE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
  ])('refuses %j as options', async (options, code) => {
    await expect(addressSpace(RECORDED_PID, options as unknown as AddressSpaceOptions)).rejects.toMatchObject({ code });
  });
});
