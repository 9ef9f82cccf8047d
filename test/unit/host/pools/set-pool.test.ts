/** Changes of a recorded machine's pools: what is checked before a write, and what is written. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryFile } from '../../../../lib/host/journal/entry.js';
import { thisProcess } from '../../../../lib/host/journal/owner.js';
import { restore } from '../../../../lib/host/journal/restore.js';
import { growPool, setPoolSync } from '../../../../lib/host/pools/set-pool.js';
import { MiB } from '../../../../lib/units.js';
import { TWO_NODES } from '../fixtures.js';

const POOL = 'sys/kernel/mm/hugepages/hugepages-2048kB';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hugepages-'));
  cpSync(TWO_NODES.root, root, { recursive: true });
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const written = (file = `${POOL}/nr_hugepages`): string => readFileSync(join(root, file), 'utf8');
const thrown = (code: string, more: object = {}): Error => expect.objectContaining({ code, ...more }) as Error;

describe('setPoolSync', () => {
  it('writes nr_hugepages and counts persistent pages', () => {
    const result = setPoolSync({ pageSize: '2MiB', pages: 400 }, { root });
    expect(written()).toBe('400');
    // 44 pages of the tree are surplus, and a plain file does not turn them into persistent ones.
    expect(result).toMatchObject({ pageSize: 2 * MiB, requested: 400, before: 256, granted: 356 });
    expect(existsSync(join(root, 'run/hugepages'))).toBe(false);
  });

  it('writes what nodes give up before what others get', () => {
    const { writes, perNode } = setPoolSync({ pageSize: '2MiB', nodes: { 0: 170, 1: 90 }, dryRun: true }, { root });
    expect(writes.map(({ path, value }) => [/node\d/.exec(path)?.[0], value])).toEqual([
      ['node1', '90'],
      ['node0', '170'],
    ]);
    expect(perNode).toEqual([
      { node: 0, before: 156, requested: 170, granted: 156 },
      { node: 1, before: 100, requested: 90, granted: 100 },
    ]);
  });

  it('writes under a policy to the file that goes by it', () => {
    const policy = { mode: 'interleave', nodes: [1] } as const;
    expect(setPoolSync({ pageSize: '2MiB', pages: 300, policy, dryRun: true }, { root }).writes).toEqual([
      { path: `/${POOL}/nr_hugepages_mempolicy`, value: '300', policy },
    ]);
  });

  it('names the page sizes of the machine for one that it lacks', () => {
    expect(() => setPoolSync({ pageSize: '4MiB', pages: 1 }, { root })).toThrow(
      thrown('ERR_HUGEPAGES_PAGE_SIZE', { message: expect.stringContaining('2MiB, 1GiB') as string }),
    );
  });

  it.each([
    ['fpu pse', 'no pdpe1gb'],
    ['fpu pse pdpe1gb', 'Use one of'],
  ])('looks for 1 GiB pages among the processor flags %s', (flags, remedy) => {
    rmSync(join(root, 'sys/kernel/mm/hugepages/hugepages-1048576kB'), { recursive: true });
    writeFileSync(join(root, 'proc/cpuinfo'), `processor\t: 0\nflags\t\t: ${flags}\n`);
    expect(() => setPoolSync({ pageSize: '1GiB', pages: 1 }, { root })).toThrow(
      thrown('ERR_HUGEPAGES_PAGE_SIZE', { remedy: expect.stringContaining(remedy) as string }),
    );
  });

  it('says what a machine without hugetlb needs', () => {
    rmSync(join(root, 'sys/kernel'), { recursive: true });
    expect(() => setPoolSync({ pageSize: '2MiB', pages: 1 }, { root })).toThrow(
      thrown('ERR_HUGEPAGES_PAGE_SIZE', { remedy: expect.stringContaining('CONFIG_HUGETLBFS') as string }),
    );
  });

  // 180 in use and 20 reserved; node 0 has 100 in use, node 1 has 80.
  it.each([
    [{ pages: 199 }, 200],
    [{ node: 0, pages: 99 }, 100],
    [{ nodes: { 0: 156, 1: 79 } }, 80],
    [{ nodes: { 0: 105, 1: 90 } }, 200],
    [{ pages: 230, policy: { mode: 'bind', nodes: [1] } }, 80],
  ])('refuses %o, of which more are in use', (change, inUse) => {
    expect(() => setPoolSync({ pageSize: '2MiB', ...change } as never, { root })).toThrow(
      thrown('ERR_HUGEPAGES_BUSY', { details: expect.objectContaining({ inUse }) as object }),
    );
    expect(written()).toBe('300\n');
  });

  it.each([
    [{ pageSize: '2MiB', pages: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ pageSize: '2MiB', pages: 1.5 }, 'ERR_OUT_OF_RANGE'],
    [{ pageSize: '2MiB', pages: NaN }, 'ERR_OUT_OF_RANGE'],
    [{ pageSize: '2MiB', pages: '8' }, 'ERR_INVALID_ARG_TYPE'],
    [{ pageSize: '2MiB' }, 'ERR_INVALID_ARG_TYPE'],
    [{ pageSize: '2MiB', node: 0 }, 'ERR_INVALID_ARG_TYPE'],
    [{ pageSize: '2MiB', pages: 8, node: 2 }, 'ERR_OUT_OF_RANGE'],
    [{ pageSize: '2MiB', pages: 8, node: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ pageSize: '2MiB', nodes: {} }, 'ERR_INVALID_ARG_VALUE'],
    [{ pageSize: '2MiB', nodes: { x: 1 } }, 'ERR_INVALID_ARG_VALUE'],
    [{ pageSize: '2MiB', nodes: { 7: 1 } }, 'ERR_OUT_OF_RANGE'],
    [{ pageSize: '2MiB', nodes: { 0: '1' } }, 'ERR_INVALID_ARG_TYPE'],
    [{ pageSize: '2MiB', nodes: { 0: 1 }, pages: 1 }, 'ERR_INVALID_ARG_VALUE'],
    [{ pageSize: '2MiB', nodes: { 0: 1 }, policy: { mode: 'bind', nodes: [0] } }, 'ERR_INVALID_ARG_VALUE'],
    [{ pageSize: '2MiB', pages: 1, policy: { mode: 'bind', nodes: [] } }, 'ERR_INVALID_ARG_VALUE'],
    [{ pageSize: '2MiB', pages: 1, policy: { mode: 'spread', nodes: [0] } }, 'ERR_INVALID_ARG_VALUE'],
    [{ pageSize: '2MiB', pages: 1, policy: { mode: 'preferred', nodes: [0, 1] } }, 'ERR_INVALID_ARG_VALUE'],
    [{ pageSize: '2MiB', pages: 1, policy: { mode: 'bind', nodes: [4] } }, 'ERR_OUT_OF_RANGE'],
    [{ pageSize: '2MiB', pages: 1, overcommit: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ pageSize: '2MiB', pages: 1, retries: 21 }, 'ERR_OUT_OF_RANGE'],
    [{ pageSize: '2MiB', pages: 1, rollback: 1 }, 'ERR_INVALID_ARG_TYPE'],
    [{ pageSize: '2MiB', pages: 1, signal: null }, 'ERR_INVALID_ARG_VALUE'],
    [{ pageSize: {}, pages: 8 }, 'ERR_INVALID_ARG_TYPE'],
    [undefined, 'ERR_INVALID_ARG_TYPE'],
  ])('refuses %o before it writes', (change, code) => {
    expect(() => setPoolSync(change as never, { root })).toThrow(thrown(code));
    expect(written()).toBe('300\n');
    expect(existsSync(join(root, 'run/hugepages'))).toBe(false);
  });
});

// Of a program that was killed: start time 1 is of no process that runs.
describe('what a killed program has left of a pool', () => {
  const left = { pageSize: 2 * MiB, kind: 'pool-pages', before: 1, added: 2, settled: true } as const;
  const node0 = { ...left, node: 0 };
  const node1 = { ...left, node: 1 };
  const other = { ...left, pageSize: 1024 * MiB };
  const overcommit = { kind: 'setting', path: `/${POOL}/nr_overcommit_hugepages`, before: '64', after: '65' } as const;
  const demoteSize = { kind: 'setting', path: `/${POOL}/demote_size`, before: '64kB', after: '32kB' } as const;
  const all = [left, node0, node1, other, overcommit, demoteSize];

  it.each([
    [{ pages: 300 }, [other, overcommit, demoteSize]],
    [{ node: 0, pages: 200 }, [node1, other, overcommit, demoteSize]],
    [{ overcommit: 64 }, [left, node0, node1, other, demoteSize]],
    [{ pages: 400, dryRun: true }, all],
  ])('is to be undone no more once %o sets the same for good, and the rest still is', (change, remaining) => {
    const file = entryFile({ ...thisProcess(), startTime: 1 }, 1, { root });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ purpose: 'test', changes: all }));
    setPoolSync({ pageSize: '2MiB', ...change }, { root });
    expect(restore({ root, dryRun: true }).flatMap(({ changes }) => changes)).toEqual(remaining);
  });
});

describe('growPool', () => {
  const targets = async (growth: object): Promise<string[]> => {
    const { writes } = await growPool({ pageSize: '2MiB', freePages: 150, dryRun: true, ...growth }, { root });
    return writes.map(({ path, value }) => `${path} ${value}`);
  };

  it('adds what is missing to all pages, surplus ones too', async () => {
    expect(await targets({})).toEqual([`/${POOL}/nr_hugepages 350`]);
    expect(await targets({ freePages: 100 })).toEqual([]);
  });

  it('adds what is missing to all pages but the surplus ones of nodes that a policy leaves out', async () => {
    const file = `/${POOL}/nr_hugepages_mempolicy`;
    expect(await targets({ policy: { mode: 'bind', nodes: [0] } })).toEqual([`${file} 350`]);
    expect(await targets({ policy: { mode: 'bind', nodes: [1] } })).toEqual([`${file} 306`]);
  });

  it('is not begun when the signal is aborted, not even where nothing is missing', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(growPool({ pageSize: '2MiB', freePages: 0 }, { root, signal })).rejects.toThrow(thrown('ABORT_ERR'));
  });

  it('adds what a node is missing', async () => {
    const node1 = '/sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages';
    expect(await targets({ node: 1, freePages: 90 })).toEqual([`${node1} 170`]);
    expect(await targets({ node: 1, freePages: 20 })).toEqual([]);
  });

  it.each([
    [{ freePages: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ pages: 1 }, 'ERR_INVALID_ARG_VALUE'],
    [{ node: 0, policy: { mode: 'bind', nodes: [0] } }, 'ERR_INVALID_ARG_VALUE'],
    [{ node: 5 }, 'ERR_OUT_OF_RANGE'],
  ])('refuses %o', async (growth, code) => {
    await expect(targets(growth)).rejects.toThrow(thrown(code));
  });
});
