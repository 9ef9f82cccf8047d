/** Brings the machine, the cgroups and the process that is asked into a state, and back. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HugePagesError, allocateSync, mount, unmountSync } from '../../lib/index.js';
import type { AllocateOptions, Region } from '../../lib/index.js';
import { controllerName } from '../support/cgroup.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { MOUNTS_PREFIX } from '../support/test-mounts.mjs';
import type { ExplainProcess } from './explain-process.js';
import { GIGANTIC, UNLIMITED } from './explain-question.js';
import type { HugetlbLimits, Obstacle, State } from './explain-question.js';

const POOL = `/sys/kernel/mm/hugepages/hugepages-${String(H / 1024)}kB`;
const THP = '/sys/kernel/mm/transparent_hugepage';
const THP_OF_SIZE = `${THP}/hugepages-${String(H / 1024)}kB`;

/** Where the processes that are asked are: one cgroup in another. */
export interface Cgroups {
  readonly outer: string;
  readonly inner: string;
}

/** The state has to be undone before the next one. */
export async function enterState(state: State, cgroups: Cgroups, asked: ExplainProcess): Promise<() => Promise<void>> {
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
    if (state.mount !== undefined) undo.push(mountPages(state.mount));
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
    return leave;
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
function mountPages({ minSize, more }: NonNullable<State['mount']>): () => void {
  const directory = mkdtempSync(join(tmpdir(), MOUNTS_PREFIX));
  const path = join(directory, 'mount');
  const remove = (): void => {
    rmSync(directory, { recursive: true });
  };
  try {
    mount({
      path,
      pageSize: H,
      ...(minSize > 0 && { minSize: minSize * H }),
      ...(more !== undefined && { size: (minSize + more) * H }),
    });
  } catch (error) {
    remove();
    if (error instanceof HugePagesError && error.code === 'ERR_HUGEPAGES_NO_MEMORY') return () => undefined;
    throw error;
  }
  return () => {
    unmountSync(path);
    remove();
  };
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
