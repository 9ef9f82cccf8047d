/** What becomes of a change when the kernel grants less than was asked for, or others change the pool too: on a recorded tree. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Journal } from '../../../../lib/host/journal/journal.js';
import { changePool } from '../../../../lib/host/pools/change-pool.js';
import { parsePoolChange } from '../../../../lib/host/pools/request.js';
import type { PoolChange, PoolChangeResult } from '../../../../lib/host/pools/types.js';
import { TWO_NODES } from '../fixtures.js';

const POOL = 'sys/kernel/mm/hugepages/hugepages-1048576kB';
const NODES = [0, 1].map((node) => `sys/devices/system/node/node${String(node)}/hugepages/hugepages-1048576kB`);

let root = '';
let journal: Journal;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hugepages-'));
  cpSync(TWO_NODES.root, root, { recursive: true });
  mkdirSync(join(root, 'proc/sys/vm'), { recursive: true });
  for (const name of ['compact_memory', 'drop_caches']) writeFileSync(join(root, 'proc/sys/vm', name), '');
  journal = Journal.open('a test', { root });
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const read = (file: string): number => Number(readFileSync(join(root, file), 'utf8'));
const write = (file: string, pages: number): void => writeFileSync(join(root, file), String(pages));
const perNode = (): number[] => NODES.map((directory) => read(`${directory}/nr_hugepages`));

function setNodes(pages: readonly number[]): void {
  pages.forEach((count, node) => write(`${NODES[node] ?? ''}/nr_hugepages`, count));
  write(`${POOL}/nr_hugepages`, pages.reduce((sum, count) => sum + count, 0));
}

interface Conditions {
  /** The most pages that each node has memory for. */
  room: number[];
  /** Pages that become possible on node 1 by a write to the file, or by a wait. */
  readonly relief?: Record<string, number>;
  /** What others do right before a write to a pool. */
  readonly others?: () => void;
}

/** Does what the steps say, with the numbers that a kernel under these conditions would show. */
function change(asked: Omit<PoolChange, 'pageSize'>, { room, relief = {}, others }: Conditions): PoolChangeResult {
  const steps = changePool(parsePoolChange({ pageSize: '1GiB', ...asked }), journal, { root });
  for (let next = steps.next(); ; next = steps.next()) {
    if (next.done === true) return next.value;
    const step = next.value;
    if (step.type === 'lock') continue;
    const name = step.type === 'wait' ? 'wait' : basename(step.file);
    room[1] = (room[1] ?? 0) + (relief[name] ?? 0);
    if (step.type === 'wait' || name !== 'nr_hugepages') continue;
    others?.();
    const node = /node(\d)/.exec(step.file)?.[1];
    const now = perNode();
    const wanted = Number(step.value);
    if (node !== undefined) now[Number(node)] = Math.min(wanted, room[Number(node)] ?? 0);
    else for (let at = 0; at < 2; at++) now[at] = Math.min((now[at] ?? 0) + wanted - (now[0] ?? 0) - (now[1] ?? 0), room[at] ?? 0);
    setNodes(now);
  }
}

// The tree has two pages, both on node 0, one of them in use.
it('says what each node got of a growth that was short', () => {
  expect(change({ pages: 6 }, { room: [3, 1] })).toMatchObject({
    ...{ before: 2, requested: 6, granted: 4, rolledBack: false, gained: {} },
    perNode: [
      { node: 0, before: 2, granted: 3 },
      { node: 1, before: 0, granted: 1 },
    ],
  });
});

it('takes from each node what it got, when it rolls back', () => {
  const result = change({ pages: 6, rollback: true, overcommit: 1 }, { room: [3, 1] });
  expect(result).toMatchObject({ rolledBack: true, grantedBeforeRollback: 4, overcommit: { before: 0, granted: 0 } });
  expect(perNode()).toEqual([2, 0]);
  expect(existsSync(join(root, 'run/hugepages'))).toBe(false);
});

it('rolls back nodes that gave up pages for one that did not get them', () => {
  expect(change({ nodes: { 0: 1, 1: 4 }, rollback: true }, { room: [8, 2] })).toMatchObject({ granted: 2, grantedBeforeRollback: 3 });
  expect(perNode()).toEqual([2, 0]);
});

it('tries what it may until there is enough, and says what each gained', () => {
  const result = change(
    { pages: 9, compact: true, dropCaches: true, retries: 5 },
    { room: [3, 0], relief: { compact_memory: 1, drop_caches: 2, wait: 1 } },
  );
  // Dropping caches compacts once more.
  expect(result).toMatchObject({ granted: 9, gained: { compact: 1, dropCaches: 3, retries: 2 } });
  expect(result.writes.map(({ path }) => basename(path))).toEqual([
    ...['nr_hugepages', 'compact_memory', 'nr_hugepages', 'drop_caches', 'compact_memory', 'nr_hugepages'],
    ...['nr_hugepages', 'nr_hugepages'],
  ]);
  journal.undo();
  expect(perNode()).toEqual([2, 0]);
});

it('gives up when nothing helps', () => {
  const result = change({ pages: 9, compact: true, retries: 2, rollback: true }, { room: [3, 0] });
  expect(result).toMatchObject({ grantedBeforeRollback: 3, gained: { compact: 0, retries: 0 } });
  expect(perNode()).toEqual([2, 0]);
});

it('tries nothing that was not asked for', () => {
  expect(change({ pages: 9 }, { room: [3, 0], relief: { compact_memory: 9 } }).writes).toHaveLength(1);
});

it('reports what others changed before its write and on other nodes', () => {
  let done = false;
  const others = (): void => {
    if (!done) setNodes([2, 3]);
    done = true;
  };
  const result = change({ node: 0, pages: 4 }, { room: [8, 8], others });
  expect(result).toMatchObject({ granted: 4, interference: [{ node: 1, expected: 0, found: 3 }] });
  journal.undo();
  expect(perNode()).toEqual([2, 3]);
});

it('puts everything back when a write fails', () => {
  const steps = changePool(parsePoolChange({ pageSize: '1GiB', nodes: { 0: 3, 1: 3 } }), journal, { root });
  expect([steps.next(), steps.next()]).toMatchObject([{ value: { type: 'lock' } }, { value: { type: 'write' } }]);
  setNodes([3, 0]);
  expect([steps.next(), steps.next()]).toMatchObject([{ value: { type: 'lock' } }, { value: { type: 'write' } }]);
  const failure = Object.assign(new Error('EINVAL'), { errno: -22, syscall: 'write', code: 'EINVAL' });
  expect(() => steps.throw(failure)).toThrow(expect.objectContaining({ code: 'ERR_HUGEPAGES_SYSTEM', cause: failure }) as Error);
  expect(perNode()).toEqual([2, 0]);
  expect(existsSync(join(root, 'run/hugepages'))).toBe(false);
});
