/** The processes of a recorded machine with two nodes. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { processAccount, processes } from '../../../../lib/index.js';
import type { ProcessEntry, ProcessesOptions } from '../../../../lib/index.js';
import { GiB, KiB, MiB } from '../../../../lib/units.js';
import { rejectionOf } from '../../../support/thrown.js';

const ROOT = { root: fileURLToPath(new URL('../../../fixtures/processes', import.meta.url)) };

async function all(options: ProcessesOptions = {}): Promise<ProcessEntry[]> {
  const entries: ProcessEntry[] = [];
  for await (const entry of processes({ ...ROOT, ...options })) entries.push(entry);
  return entries;
}

async function pidsOf(options: ProcessesOptions): Promise<number[]> {
  return (await all(options)).filter(({ state }) => state === 'read').map(({ pid }) => pid);
}

describe('processAccount', () => {
  it('has pages of both pools by node, shared and private, and transparent ones', async () => {
    const account = await processAccount(7, ROOT);
    expect(account).toMatchObject({
      ...{ state: 'read', kind: 'process', pid: 7, name: 'postgres: a b', uid: 999, user: 'postgres', resident: 1500 * KiB },
      commandLine: ['postgres: writer', '-D', '/data dir'],
      container: { kind: 'docker', id: '0123456789abcdef'.repeat(4) },
      ...{ anonHugePages: 2 * MiB, shmemPmdMapped: 0, filePmdMapped: 0, total: GiB + 14 * MiB },
    });
    const nodes = (...bytes: number[]): unknown => bytes.flatMap((each, node) => (each === 0 ? [] : { node, bytes: each }));
    expect(account.hugetlb).toEqual([
      { pageSize: 2 * MiB, privateBytes: 10 * MiB, sharedBytes: 2 * MiB, nodes: nodes(4 * MiB, 8 * MiB) },
      { pageSize: GiB, privateBytes: GiB, sharedBytes: 0, nodes: nodes(0, GiB) },
    ]);
  });

  it('leaves out the mappings without huge pages', async () => {
    const { mappings = [] } = await processAccount(7, ROOT);
    expect(mappings.map(({ start }) => start.toString(16))).toEqual(['7f0c3be00000', '7f0c3d000000', '7f0c80000000', '7f0d00000000']);
    expect(mappings[1]).toMatchObject({
      ...{ path: '/mnt/huge/a b\nc', deleted: false, permissions: 'rw-s', device: '00:2a', inode: 7 },
      hugetlb: [{ pageSize: 2 * MiB, privateBytes: 2 * MiB, sharedBytes: 2 * MiB, nodes: [{ node: 1, bytes: 4 * MiB }] }],
    });
  });

  it('says nothing of nodes where the files disagree', async () => {
    const { hugetlb } = await processAccount(8, ROOT);
    expect(hugetlb).toEqual([{ pageSize: 2 * MiB, privateBytes: 4 * MiB, sharedBytes: 0, nodes: undefined }]);
  });

  it.each([
    [11, 'kernel-thread'],
    [12, 'zombie'],
  ])('%d is a %s and has nothing', async (pid, kind) => {
    expect(await processAccount(pid, ROOT)).toMatchObject({ kind, commandLine: [], hugetlb: [], total: 0, resident: 0, mappings: [] });
  });

  it.each([13, 4_000_000])('%d is gone', async (pid) => {
    expect(await rejectionOf(processAccount(pid, ROOT))).toMatchObject({ code: 'ERR_HUGEPAGES_NO_PROCESS', details: { pid } });
  });
});

describe('processes', () => {
  it('come by pid, those with huge pages, and the vanished ones marked', async () => {
    const entries = await all();
    expect(entries.map(({ pid, state }) => [pid, state])).toEqual([
      ...[7, 8, 9].map((pid) => [pid, 'read']),
      [13, 'vanished'],
      [14, 'read'],
    ]);
    expect(entries[2]).toMatchObject({ name: 'java\nx', anonHugePages: 200 * MiB, shmemPmdMapped: 2 * MiB, filePmdMapped: 4 * MiB });
    expect(entries[3]).toEqual({ state: 'vanished', pid: 13, name: 'brief' });
  });

  it('without smaps_rollup smaps says it, and cgroup is of the hierarchy with the hugetlb controller', async () => {
    expect((await all({ pids: [14] }))[0]).toMatchObject({ anonHugePages: 4 * MiB, cgroup: '/old', user: 'root', mappings: undefined });
  });

  it.each([
    [{ sort: 'total' }, [7, 9, 8, 14]],
    [{ sort: 'hugetlb' }, [7, 8, 9, 14]],
    [{ sort: 'thp' }, [9, 14, 7, 8]],
    [{ sort: 'resident' }, [9, 7, 14, 8]],
    [{ sort: 'name' }, [9, 8, 14, 7]],
    [{ sort: 'user' }, [8, 9, 7, 14]],
    [{ all: true }, [7, 8, 9, 10, 11, 12, 14]],
    [{ pids: [9, 7, 9] }, [7, 9]],
    [{ user: 'ann' }, [8, 9]],
    [{ user: 0, all: true }, [10, 11, 14]],
    [{ command: '-Xmx' }, [9]],
    [{ command: 'postgres: a' }, [7]],
    [{ cgroup: '/user.slice' }, [8, 9]],
    [{ cgroup: '/user.slice/a' }, []],
    [{ cgroup: '/' }, [7, 8, 9, 14]],
    [{ container: '0123' }, [7]],
    [{ pageSize: '1GiB' }, [7]],
    [{ minSize: '200MiB' }, [7, 9]],
    [{ concurrency: 1 }, [7, 8, 9, 14]],
    [{ concurrency: 64, mappings: true, all: true }, [7, 8, 9, 10, 11, 12, 14]],
  ] as [ProcessesOptions, number[]][])('%o selects and sorts', async (options, expected) => {
    expect(await pidsOf(options)).toEqual(expected);
  });

  it('a named process that is not there is told', async () => {
    expect(await all({ pids: [4711] })).toEqual([{ state: 'vanished', pid: 4711 }]);
  });

  it('may be left, and aborted', async () => {
    for await (const { pid } of processes({ ...ROOT, concurrency: 2 })) {
      expect(pid).toBe(7);
      break;
    }
    expect(await rejectionOf(all({ signal: AbortSignal.abort() }))).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR' });
  });
});
