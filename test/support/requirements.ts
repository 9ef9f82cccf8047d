/** What a test needs of the machine and of the user who runs it. What is missing is a skip whose title says why. */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { CGROUP2 } from './cgroup-mount.mjs';
import { COMPILER } from './compiler.js';
import { meminfo } from './kernel-text.js';
import { HUGE_PAGES } from './page-sizes.js';
import type { PoolNeed } from './pool.js';
import { findProgram } from './programs.js';

/** All of it has to be there. */
export interface Needs {
  /** Effective user 0: changing pools and THP modes, frame numbers, other users' identities. */
  readonly root?: boolean;
  /** Page sizes in bytes that must have a pool. */
  readonly hugetlb?: readonly number[];
  /** A pool that must be possible: root, the page size and the memory. */
  readonly pool?: PoolNeed;
  /** Root, and a checkout that {@link NOBODY} can read. */
  readonly ordinaryUser?: boolean;
  /** Transparent huge pages in the kernel. */
  readonly thp?: boolean;
  /** NUMA in the kernel; one node is enough. */
  readonly numa?: boolean;
  /** A hugetlb controller in a cgroup v2 hierarchy that root may divide. */
  readonly cgroup?: boolean;
  /** Page size in bytes of which the machine has no hugetlbfs mounted. */
  readonly noMount?: number;
  /** Direct I/O in the folder of temporary files. */
  readonly directIo?: boolean;
  /** A C compiler. */
  readonly compiler?: boolean;
  /** A program in PATH. */
  readonly program?: string;
}

interface Obstacle {
  readonly reason: string;
  /** The machine lacks it, whoever runs the tests. False: it is there, and this run cannot have it. */
  readonly ofMachine: boolean;
}

/** A user without privileges, as options of `spawn`. */
export const NOBODY = { uid: 65534, gid: 65534 } as const;

// Any module that Node can parse.
const GUARDIAN = fileURLToPath(new URL('guardian.mjs', import.meta.url));

const isRoot = process.geteuid?.() === 0;

// What the rest of the machine and the test run itself want to keep.
const HEADROOM = 2 ** 30;

function* obstacles(needs: Needs): Generator<Obstacle> {
  if (needs.root === true && !isRoot) yield { reason: 'needs root', ofMachine: false };
  for (const pageSize of needs.hugetlb ?? []) yield* poolSizeObstacles(pageSize);
  if (needs.pool !== undefined) yield* poolObstacles(needs.pool);
  if (needs.ordinaryUser === true) yield* ordinaryUserObstacles();
  if (needs.thp === true && !existsSync('/sys/kernel/mm/transparent_hugepage/enabled')) {
    yield { reason: 'this kernel has no transparent huge pages', ofMachine: true };
  }
  if (needs.numa === true && !existsSync('/proc/self/numa_maps')) yield { reason: 'this kernel has no NUMA', ofMachine: true };
  if (needs.cgroup === true) yield* cgroupObstacles();
  if (needs.noMount !== undefined && hasMount(needs.noMount)) yield { reason: 'the machine has hugetlbfs mounted', ofMachine: true };
  if (needs.directIo === true && !hasDirectIo()) yield { reason: 'no direct I/O in the folder of temporary files', ofMachine: true };
  if (needs.compiler === true && COMPILER === undefined) yield { reason: 'no C compiler', ofMachine: true };
  if (needs.program !== undefined && findProgram(needs.program) === undefined) {
    yield { reason: `there is no program ${needs.program}`, ofMachine: true };
  }
}

function hasMount(pageSize: number): boolean {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return mounts.some((line) => line.includes(' - hugetlbfs ') && line.includes(`pagesize=${String(pageSize / 2 ** 20)}M`));
}

function hasDirectIo(): boolean {
  const file = path.join(tmpdir(), `hugepages-direct-${String(process.pid)}`);
  try {
    closeSync(openSync(file, constants.O_CREAT | constants.O_RDWR | constants.O_DIRECT));
    return true;
  } catch {
    return false;
  } finally {
    rmSync(file, { force: true });
  }
}

function* poolSizeObstacles(pageSize: number): Generator<Obstacle> {
  if (!HUGE_PAGES.includes(pageSize)) yield { reason: `this machine has no pool of ${String(pageSize / 1024)} KiB pages`, ofMachine: true };
}

function* poolObstacles({ pageSize, pages }: PoolNeed): Generator<Obstacle> {
  yield* poolSizeObstacles(pageSize);
  if (!isRoot) yield { reason: 'changing a pool needs root', ofMachine: false };
  const bytes = pageSize * pages + HEADROOM;
  if (meminfo('MemAvailable') < bytes) {
    const mib = String(bytes / 2 ** 20);
    // A machine that is large enough and busy is no reason: it has to be made free for the tests.
    yield { reason: `needs ${mib} MiB of available memory`, ofMachine: meminfo('MemTotal') < 2 * bytes };
  }
}

function* ordinaryUserObstacles(): Generator<Obstacle> {
  if (!isRoot) {
    yield { reason: 'becoming another user needs root', ofMachine: false };
  } else if (spawnSync(process.execPath, ['--check', GUARDIAN], { ...NOBODY, stdio: 'ignore' }).status !== 0) {
    yield { reason: `user ${String(NOBODY.uid)} cannot read this checkout`, ofMachine: true };
  }
}

function* cgroupObstacles(): Generator<Obstacle> {
  if (!isRoot) yield { reason: 'dividing a cgroup needs root', ofMachine: false };
  const controllers = CGROUP2 === undefined ? '' : readFileSync(`${CGROUP2}/cgroup.controllers`, 'utf8');
  if (!controllers.split(/\s/).includes('hugetlb')) yield { reason: 'no cgroup v2 hierarchy with a hugetlb controller', ofMachine: true };
}

/** The part of vitest's functions that tests with needs use. */
export interface Block {
  readonly describe: (title: string, body: () => void) => void;
  readonly it: (title: string, body: () => void | Promise<void>) => void;
}

/**
 * `describe` and `it` for tests that need something. In continuous integration as root, the only reasons to skip are the machine's.
 *
 * @throws Error instead of skipping when CI is `true`, the user is root, and this machine could do it
 */
export function requires(needs: Needs): Block {
  const missing = [...obstacles(needs)];
  if (missing.length === 0) return { describe, it };
  const curable = missing.filter((obstacle) => !obstacle.ofMachine);
  if (process.env['CI'] === 'true' && isRoot && curable.length > 0) {
    throw new Error(`This machine can do it, and the run cannot: ${reasons(curable)}`);
  }
  const titled = (title: string): string => `${title} [skipped: ${reasons(missing)}]`;
  return {
    describe: (title, body) => {
      describe.skip(titled(title), body);
    },
    it: (title, body) => {
      it.skip(titled(title), body);
    },
  };
}

function reasons(list: readonly Obstacle[]): string {
  return [...new Set(list.map(({ reason }) => reason))].join(', ');
}
