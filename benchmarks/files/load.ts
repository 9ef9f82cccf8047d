/** Loading a file from the page cache, beside `dd` and `cp` of it to tmpfs, and beside fs.readFile(). */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { allocate } from 'hugepages';
import type { Region } from 'hugepages';
import { GiB } from '../../lib/units.js';
import { inMemory, kindsOfMemory } from '../prefault/memory.js';
import type { Memory } from '../prefault/memory.js';
import { collectGarbage } from '../support/buffer.js';
import { compared, figure } from '../support/measure.js';
import type { Finding, Sides } from '../support/measure.js';
import type { Section } from '../support/report.js';
import { inTurn } from '../support/rounds.js';
import { timed } from '../support/timed.js';

const ROUNDS = 9;
const COPY = '/dev/shm/hugepages-benchmark';
const COPIES = {
  dd: (file: string) => execFileSync('dd', [`if=${file}`, `of=${COPY}`, 'bs=1M', 'status=none']),
  cp: (file: string) => execFileSync('cp', ['--reflink=never', file, COPY]),
} as const;

export function fileSections(): Section[] {
  return kindsOfMemory().map((memory) => ({
    name: `load(), ${memory.name}`,
    measure: () => inMemory(memory, 2 * GiB, () => withFile((file) => loading(`load(), ${memory.name}`, file, memory))),
  }));
}

async function withFile<T>(work: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hugepages-benchmark-'));
  try {
    const file = path.join(folder, 'file');
    writeFileSync(file, Buffer.alloc(GiB, 'hugepages'));
    return await work(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function loading(name: string, file: string, memory: Memory): Promise<Finding[]> {
  const { backing, pageSize } = memory;
  const fresh = (): Promise<Region> => allocate({ size: GiB, backing: [backing], ...(backing === 'hugetlb' && { pageSize }) });
  const region = await fresh();
  const elapsed = await inTurn(ROUNDS, {
    load: () => timed(() => region.load(file)),
    dd: () => copied(() => COPIES.dd(file)),
    cp: () => copied(() => COPIES.cp(file)),
  });
  const costs = await inTurn(ROUNDS, {
    load: () => costOf(() => region.load(file)),
    anew: () => costOf(() => loadAnew(fresh, file)),
    readFile: () => costOf(() => readFile(file)),
  });
  region.dispose();
  const by = (cost: keyof Cost, ours: 'load' | 'anew'): Sides => ({
    ours: costs[ours].map((sample) => sample[cost]),
    theirs: costs.readFile.map((sample) => sample[cost]),
  });
  return [
    figure(name, 'GiB/s', elapsed.load.map((milliseconds) => 1000 / milliseconds)),
    compared(name, 'dd to tmpfs', { ours: elapsed.load, theirs: elapsed.dd }, { atLeast: 0.9, claim: 'load' }),
    compared(name, 'cp to tmpfs', { ours: elapsed.load, theirs: elapsed.cp }, { atLeast: 0.9, claim: 'load' }),
    compared(name, 'fs.readFile()', by('elapsed', 'load'), { atLeast: 1 }),
    compared(`${name}, CPU time`, 'fs.readFile()', by('cpu', 'load'), { atLeast: 1, claim: 'load by readFile' }),
    compared(`allocate() and ${name}`, 'fs.readFile()', by('elapsed', 'anew'), { atLeast: 1 }),
    compared(`allocate() and ${name}, CPU time`, 'fs.readFile()', by('cpu', 'anew')),
  ];
}

async function copied(copy: () => unknown): Promise<number> {
  try {
    return await timed(copy);
  } finally {
    rmSync(COPY, { force: true });
  }
}

/** What fs.readFile() does as well: it makes the memory. */
async function loadAnew(fresh: () => Promise<Region>, file: string): Promise<void> {
  const region = await fresh();
  await region.load(file);
  region.dispose();
}

interface Cost {
  /** Milliseconds. */
  readonly elapsed: number;
  /** Milliseconds of all threads of this process, in the program and in the kernel. */
  readonly cpu: number;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  await collectGarbage();
  const before = process.cpuUsage();
  const elapsed = await timed(work);
  const { user, system } = process.cpuUsage(before);
  return { elapsed, cpu: (user + system) / 1000 };
}
