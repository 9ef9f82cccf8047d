/** Loading a file from the page cache, beside `dd` and `cp` of it to tmpfs, and beside fs.readFile(). */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { allocate } from 'hugepages';
import type { Region } from 'hugepages';
import { GiB } from '../../lib/units.js';
import { inMemory, kindsOfMemory } from '../prefault/memory.js';
import type { Memory } from '../prefault/memory.js';
import { collectGarbage } from '../support/buffer.js';
import { compared, figure } from '../support/measure.js';
import type { Finding } from '../support/measure.js';
import type { Section } from '../support/report.js';
import { inTurn } from '../support/rounds.js';

const ROUNDS = 9;
const COPY = '/dev/shm/hugepages-benchmark';
const COPIES = {
  dd: (file: string) => execFileSync('dd', [`if=${file}`, `of=${COPY}`, 'bs=1M', 'status=none']),
  cp: (file: string) => execFileSync('cp', ['--reflink=never', file, COPY]),
} as const;

export function fileSections(): Section[] {
  return kindsOfMemory().map((memory) => ({
    name: `load(), ${memory.name}`,
    measure: () => inMemory(memory, GiB, () => withFile((file) => loading(`load(), ${memory.name}`, file, memory))),
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
  const seconds = await inTurn(ROUNDS, {
    load: () => timed(() => region.load(file)),
    dd: () => copied(() => COPIES.dd(file)),
    cp: () => copied(() => COPIES.cp(file)),
  });
  const cpu = await inTurn(ROUNDS, {
    load: () => cpuOf(() => region.load(file)),
    readFile: () => cpuOf(() => readFile(file)),
  });
  region.dispose();
  return [
    figure(name, 'GiB/s', seconds.load.map((milliseconds) => 1000 / milliseconds)),
    compared(name, 'dd to tmpfs', { ours: seconds.load, theirs: seconds.dd }, { atLeast: 0.9, claim: 'load' }),
    compared(name, 'cp to tmpfs', { ours: seconds.load, theirs: seconds.cp }, { atLeast: 0.9, claim: 'load' }),
    compared(`${name}, CPU time`, 'fs.readFile()', { ours: cpu.load, theirs: cpu.readFile }, { atLeast: 1, claim: 'load by readFile' }),
  ];
}

/** @returns milliseconds */
async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function copied(copy: () => unknown): Promise<number> {
  try {
    return await timed(copy);
  } finally {
    rmSync(COPY, { force: true });
  }
}

/** @returns microseconds of all threads of this process, in the program and in the kernel */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  await collectGarbage();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
