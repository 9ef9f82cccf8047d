/** Regions beside memory of another program, in turn: both from the call to memory that is populated. */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { allocate, pool, processAccount } from 'hugepages';
import type { Source } from 'hugepages';
import { formatSize, GiB } from '../../lib/units.js';
import { compared, figure } from '../support/measure.js';
import type { Expected, Finding } from '../support/measure.js';
import { inTurn, warm } from '../support/rounds.js';
import type { Side } from '../support/rounds.js';
import { inMemory } from './memory.js';
import type { Memory } from './memory.js';

const ROUNDS = 21;
/** Milliseconds. */
const PATIENCE = 10_000;

/** Another program that takes memory and gives it back. */
export interface PeerMemory {
  /** With its version. */
  readonly name: string;
  readonly pid: number;
  /** @returns milliseconds until all of it is populated */
  take(memory: Memory, size: number): Promise<number>;
  give(): Promise<unknown>;
  stop(): Promise<void>;
}

/** What both sides take. */
export interface Task {
  readonly memory: Memory;
  readonly size: number;
  /** Of the regions: what the peer takes as well. */
  readonly source: Source;
  /** How many threads populate the regions: each is compared. */
  readonly threads: readonly number[];
}

export function beside(start: () => Promise<PeerMemory>, task: Task, expected: Expected = {}): Promise<Finding[]> {
  return inMemory(task.memory, task.size, async () => {
    const peer = await start();
    try {
      return await compare(peer, task, expected);
    } finally {
      await peer.stop();
    }
  });
}

async function compare(peer: PeerMemory, task: Task, expected: Expected): Promise<Finding[]> {
  const sides: Record<string, Side> = { [peer.name]: warm(() => taken(peer, task)) };
  for (const count of task.threads) sides[nameOf(task, count)] = warm(() => allocated(task, count));
  const { [peer.name]: theirs = [], ...regions } = await inTurn(ROUNDS, sides);
  return Object.entries(regions).flatMap(([name, ours]) => {
    const speed = ours.map((milliseconds) => ((task.size / GiB) * 1000) / milliseconds);
    return [figure(name, 'GiB/s', speed), compared(name, peer.name, { ours, theirs }, expected)];
  });
}

export function nameOf({ memory, size, source }: Task, threads: number): string {
  return `${formatSize(size)} ${memory.name}, ${source}, ${String(threads)} ${threads === 1 ? 'thread' : 'threads'}`;
}

/** @returns milliseconds from the call of allocate() to its promise's end */
async function allocated({ memory: { backing, pageSize }, size, source }: Task, threads: number): Promise<number> {
  const start = performance.now();
  const region = await allocate({ size, source, backing: [backing], ...(backing === 'hugetlb' && { pageSize }), prefault: { threads } });
  const milliseconds = performance.now() - start;
  region.dispose();
  return milliseconds;
}

/** Lets the peer take it and give it back, and makes sure that it did both. @returns milliseconds of the taking */
async function taken(peer: PeerMemory, { memory, size }: Task): Promise<number> {
  const before = await used(memory, peer.pid);
  const holds = async (bytes: number): Promise<boolean> => Math.abs((await used(memory, peer.pid)) - before - bytes) < size / 100;
  const milliseconds = await peer.take(memory, size);
  if (!(await holds(size))) throw new Error(`${peer.name} did not take ${formatSize(size)} of ${memory.name}`);
  await peer.give();
  const given = performance.now();
  while (!(await holds(0))) {
    if (performance.now() - given > PATIENCE) throw new Error(`${peer.name} did not give ${memory.name} back`);
    await delay(5);
  }
  return milliseconds;
}

/** Bytes. Who has the pages of a pool is no question: the machine is this run's. */
async function used({ backing, pageSize }: Memory, pid: number): Promise<number> {
  if (backing === 'hugetlb') {
    const { total = NaN, free = NaN } = pool(pageSize) ?? {};
    return (total - free) * pageSize;
  }
  const { anonHugePages, shmemPmdMapped, resident } = await processAccount(pid);
  const transparent = anonHugePages + shmemPmdMapped;
  return backing === 'thp' ? transparent : resident - transparent;
}
