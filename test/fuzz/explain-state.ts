/** Brings the machine, the cgroups and the process that is asked into a state, and back. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HugePagesError, allocateSync, mount } from '../../lib/index.js';
import type { AllocateOptions, Region } from '../../lib/index.js';
import { controllerName } from '../support/cgroup.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { segments } from '../support/segments.js';
import { MOUNTS_PREFIX, unmountBelow } from '../support/test-mounts.mjs';
import type { ExplainProcess } from './explain-process.js';
import { GIGANTIC, KEY, UNLIMITED } from './explain-question.js';
import type { HugetlbLimits, Obstacle, State } from './explain-question.js';

const POOL = `/sys/kernel/mm/hugepages/hugepages-${String(H / 1024)}kB`;
const THP = '/sys/kernel/mm/transparent_hugepage';
const THP_OF_SIZE = `${THP}/hugepages-${String(H / 1024)}kB`;

/** Where the processes that are asked are: one cgroup in another. */
export interface Cgroups {
  readonly outer: string;
  readonly inner: string;
}

/** A state that was entered. */
export interface Entered {
  /** Where the mount is, or would be. */
  readonly mountPoint: string;
  /** It has to be undone before the next one. */
  leave(): Promise<void>;
}

export async function enterState(state: State, cgroups: Cgroups, asked: ExplainProcess): Promise<Entered> {
  const undo: (() => void | Promise<void>)[] = [];
  const leave = async (): Promise<void> => {
    for (const step of undo.reverse()) await step();
  };
  try {
    writeFileSync(`${POOL}/nr_hugepages`, String(state.pages));
    writeFileSync(`${POOL}/nr_overcommit_hugepages`, String(state.overcommit));
    undo.push(() => {
      writeFileSync(`${POOL}/nr_overcommit_hugepages`, '0');
    });
    undo.push(setThp(state));
    for (const level of ['outer', 'inner'] as const) setLimits(cgroups[level], H, state[level]);
    const { mountPoint, unmount } = mountPages(state.mount);
    undo.push(unmount, removeSegment, resetShmGroup);
    if (state.existing !== undefined) makeExisting(mountPoint, state);
    const held: Region[] = [];
    undo.push(() => {
      for (const region of held) region.dispose();
    });
    if (GIGANTIC !== undefined) {
      setLimits(cgroups.outer, GIGANTIC, { max: state.giganticMax });
      if (state.giganticTaken) held.push(allocateSync({ size: GIGANTIC, pageSize: GIGANTIC, backing: ['hugetlb'], prefault: false }));
    }
    for (const obstacle of state.outside) held.push(...(await holdHere(obstacle)));
    undo.push(() => asked.release());
    for (const obstacle of state.inside) await asked.hold({ ...optionsOf(obstacle), touched: touchedBytes(obstacle) });
    if (state.pagesAfter !== undefined) writeFileSync(`${POOL}/nr_hugepages`, String(state.pagesAfter));
    if (state.room !== UNLIMITED) {
      undo.push(() => asked.limit(UNLIMITED));
      await asked.limit(state.room);
    }
    undo.push(setOvercommit(state.overcommitMemory));
    return { mountPoint, leave };
  } catch (error) {
    await leave();
    throw error;
  }
}

function setLimits(directory: string, pageSize: number, limits: Partial<HugetlbLimits>): void {
  for (const [name, bytes = 'max'] of Object.entries(limits)) {
    writeFileSync(`${directory}/hugetlb.${controllerName(pageSize)}.${name}`, String(bytes));
  }
}

function setThp({ thp, shmem, thpOfSize, shmemOfSize }: State): () => void {
  const setOfSize = (name: string, value: string): void => {
    // Linux 6.8, for shared memory 6.12
    if (existsSync(`${THP_OF_SIZE}/${name}`)) writeFileSync(`${THP_OF_SIZE}/${name}`, value);
  };
  writeFileSync(`${THP}/enabled`, thp);
  writeFileSync(`${THP}/shmem_enabled`, shmem);
  setOfSize('enabled', thpOfSize);
  // `force` is only taken while all sizes inherit it.
  if (shmem !== 'force') setOfSize('shmem_enabled', shmemOfSize);
  return () => {
    setOfSize('enabled', 'inherit');
    setOfSize('shmem_enabled', 'inherit');
  };
}

function setOvercommit(mode: number): () => void {
  const file = '/proc/sys/vm/overcommit_memory';
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, String(mode));
  return () => {
    writeFileSync(file, before);
  };
}

/** A mount that keeps pages of the pool, if it has so many. */
function mountPages(wanted: State['mount']): { mountPoint: string; unmount: () => void } {
  const directory = mkdtempSync(join(tmpdir(), MOUNTS_PREFIX));
  chmodSync(directory, 0o755);
  const path = join(directory, 'mount');
  const unmount = (): void => {
    unmountBelow(directory);
    rmSync(directory, { recursive: true });
  };
  if (wanted === undefined) return { mountPoint: path, unmount };
  const { minSize, more, open } = wanted;
  try {
    mount({
      path,
      pageSize: H,
      ...(minSize > 0 && { minSize: minSize * H }),
      ...(more !== undefined && { size: (minSize + more) * H }),
      ...(open && { mode: 0o1777 }),
    });
  } catch (error) {
    if (!(error instanceof HugePagesError && error.code === 'ERR_HUGEPAGES_NO_MEMORY')) {
      unmount();
      throw error;
    }
  }
  return { mountPoint: path, unmount };
}

/** What is in the way of a persistent file or segment, or is adopted. */
function makeExisting(mountPoint: string, { existing = 1, mount }: State): void {
  const options = { size: existing * H, backing: ['hugetlb'], persistent: true } as const;
  attempt(() => allocateSync({ ...options, source: 'sysv', key: KEY }));
  // The kernel does not say what is left of what a mount without a quota keeps.
  if (mount?.minSize === 0) {
    attempt(() => allocateSync({ ...options, source: 'file', path: join(mountPoint, 'name') }));
  }
}

function attempt(make: () => Region): void {
  try {
    make().dispose();
  } catch (error) {
    if (!(error instanceof HugePagesError)) throw error;
  }
}

function removeSegment(): void {
  const found = segments().find(({ key }) => key === KEY);
  if (found !== undefined) execFileSync('ipcrm', ['-m', String(found.id)]);
}

function resetShmGroup(): void {
  writeFileSync('/proc/sys/vm/hugetlb_shm_group', '0');
}

function optionsOf({ pages, reserve, shared }: Obstacle): AllocateOptions {
  return { size: pages * H, reserve, shared };
}

function touchedBytes({ pages, touched }: Obstacle): number {
  return Math.min(pages, touched) * H;
}

/** A region of this process, if the pool has it. */
async function holdHere(obstacle: Obstacle): Promise<Region[]> {
  try {
    const region = allocateSync({ ...optionsOf(obstacle), backing: ['hugetlb'], prefault: false });
    await region.prefault({ length: touchedBytes(obstacle) }).catch(() => undefined);
    return [region];
  } catch (error) {
    if (error instanceof HugePagesError) return [];
    throw error;
  }
}
