/** Random states of a machine, and random questions about allocations on it. */
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { meminfo } from '../support/kernel-text.js';
import type { Room } from './explain-process.js';
import { BASE_PAGE, HUGE_PAGES, HUGE_PAGE as H } from '../support/page-sizes.js';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

/** The page size of a second pool: one page, which a state may have taken by somebody. */
export const GIGANTIC = HUGE_PAGES.find((pageSize) => pageSize === GiB);

/** Limits of a cgroup in bytes; undefined for none. The kernel rounds them down to whole pages. */
export interface HugetlbLimits {
  readonly max: number | undefined;
  readonly 'rsvd.max': number | undefined;
}

/** A region that is in the way. */
export interface Obstacle {
  readonly pages: number;
  readonly reserve: boolean;
  readonly shared: boolean;
  /** Of its pages, as far as it has so many. */
  readonly touched: number;
}

export interface State {
  readonly pages: number;
  readonly overcommit: number;
  /** What is written to nr_hugepages when the obstacles are there: pages in use become surplus. */
  readonly pagesAfter: number | undefined;
  readonly outer: HugetlbLimits;
  readonly inner: HugetlbLimits;
  /** A mount with what it keeps of the pool, and how much more its files may have: a quota, which is no other's. In pages. */
  readonly mount: { readonly minSize: number; readonly more: number | undefined; readonly open: boolean } | undefined;
  /** Pages of a file with the name of the question, if the mount has room for them, and of a segment with its key. */
  readonly existing: number | undefined;
  readonly giganticTaken: boolean;
  /** `hugetlb.1GB.max` of the outer cgroup. */
  readonly giganticMax: number | undefined;
  /** Of a process outside of the cgroups, and of the one that asks. */
  readonly outside: readonly Obstacle[];
  readonly inside: readonly Obstacle[];
  readonly thp: string;
  readonly shmem: string;
  /** Of huge pages of one PMD. */
  readonly thpOfSize: string;
  readonly shmemOfSize: string;
  readonly overcommitMemory: number;
  readonly room: Room;
}

export interface Question {
  readonly user: 'root' | 'nobody';
  readonly sync: boolean;
  /** Whether to paste what it is told to. */
  readonly mend: boolean;
  /** Of allocate(). */
  readonly options: Readonly<Record<string, unknown>>;
}

function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

function mostly<T>(value: T, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, { weight: 1, arbitrary });
}

const limits: fc.Arbitrary<HugetlbLimits> = fc.record({
  max: rarely(fc.nat(20).map((halves) => (halves * H) / 2)),
  'rsvd.max': rarely(fc.nat(20).map((halves) => (halves * H) / 2)),
});

const obstacles: fc.Arbitrary<Obstacle[]> = fc.array(
  fc.record({ pages: fc.integer({ min: 1, max: 6 }), reserve: fc.boolean(), shared: fc.boolean(), touched: fc.nat(6) }),
  { maxLength: 2 },
);

// A process that runs maps and unmaps: the limits are far from what any question needs, which is below 40 MiB, 200 to 410 MiB, 1 to
// 2 GiB, or more than half of the machine.
const space = fc.option(fc.constantFrom(80 * MiB, 700 * MiB, 4 * GiB), { nil: undefined });

export const UNLIMITED: Room = { as: undefined, data: undefined, memlock: undefined };

/**
 * Not both: where the pool has less than a mapping of a file needs, Linux 6.18 forgets what the mount keeps, and takes it from the
 * reservations of others when it is unmounted.
 */
function eitherLimit(mount: NonNullable<State['mount']>): NonNullable<State['mount']> {
  return mount.more === undefined ? mount : { ...mount, minSize: 0 };
}

export const state: fc.Arbitrary<State> = fc.record({
  pages: fc.nat(14),
  overcommit: mostly(0, fc.nat(6)),
  pagesAfter: rarely(fc.nat(8)),
  outer: limits,
  inner: limits,
  mount: fc.option(fc.record({ minSize: fc.nat(4), more: rarely(fc.integer({ min: 1, max: 4 })), open: fc.boolean() }).map(eitherLimit), {
    nil: undefined,
  }),
  existing: rarely(fc.integer({ min: 1, max: 4 })),
  giganticTaken: mostly(true, fc.constant(false)),
  giganticMax: rarely(fc.constantFrom(0, GiB)),
  outside: obstacles,
  inside: obstacles,
  thp: fc.constantFrom('always', 'madvise', 'never'),
  shmem: fc.constantFrom('always', 'within_size', 'advise', 'never', 'deny', 'force'),
  thpOfSize: mostly('inherit', fc.constantFrom('always', 'madvise', 'never')),
  shmemOfSize: mostly('inherit', fc.constantFrom('always', 'within_size', 'advise', 'never')),
  overcommitMemory: mostly(0, fc.constantFrom(1, 2)),
  room: mostly<Room>(
    UNLIMITED,
    // RLIMIT_AS refuses most of what RLIMIT_DATA would: each has its share.
    fc.oneof(
      fc.record({ as: space, data: space, memlock: fc.constantFrom(undefined, 0, BASE_PAGE) }),
      fc.constant({ ...UNLIMITED, data: 80 * MiB }),
    ),
  ),
});

const flag = fc.boolean();
const KINDS = ['hugetlb', 'thp', 'base'];
const common = {
  backing: fc.oneof(fc.constant(['hugetlb']), fc.constant(KINDS), fc.shuffledSubarray(KINDS, { minLength: 1 })),
  pageSize: mostly('default', fc.constantFrom('2MiB', '4MiB', '1GiB', 'largest')),
  shared: flag,
  reserve: mostly(true, fc.constant(false)),
  guard: flag,
  alignment: mostly('4KiB', fc.constantFrom('4MiB', '1GiB')),
  numa: rarely(
    fc.oneof(fc.constantFrom('bind', 'preferred', 'interleave').map((mode) => ({ mode, nodes: [0] })), fc.constant({ mode: 'local' })),
  ),
};

const BACKGROUND = { background: true };

/** Stands for the mount's directory in the path of a question. */
export const MOUNT = 'MOUNT:';
export const KEY = 0x68756765;

const existing = fc.constantFrom('refuse', 'adopt');
const source = fc.oneof<fc.MaybeWeightedArbitrary<Readonly<Record<string, unknown>>>[]>(
  { weight: 4, arbitrary: fc.constant({}) },
  fc.constant({ source: 'memfd' }),
  fc.constant({ source: 'sysv', shared: true }),
  existing.map((how) => ({ source: 'sysv', shared: true, key: KEY, persistent: true, existing: how })),
  fc.constantFrom({}, { path: MOUNT }, { path: `${MOUNT}/name` }, { path: tmpdir() }).map((path) => ({ source: 'file', ...path })),
  existing.map((how) => ({ source: 'file', path: `${MOUNT}/name`, persistent: true, existing: how })),
);

const small = fc.record({
  ...common,
  size: fc.oneof(
    fc.integer({ min: 1, max: 14 }).map((pages) => pages * H),
    fc.integer({ min: 1, max: 28 * MiB }),
  ),
  prefault: fc.constantFrom<unknown[]>(true, true, false, { threads: 1 }, BACKGROUND),
});

/** Too much to be populated. */
const large = fc.record({
  ...common,
  size: fc.oneof(fc.integer({ min: 200 * MiB, max: 400 * MiB }), fc.constantFrom(...[0.75, 2].map(shareOfMemory))),
  prefault: fc.constant(false),
});

function shareOfMemory(share: number): number {
  return Math.floor((share * meminfo('MemTotal')) / BASE_PAGE) * BASE_PAGE;
}

export const question: fc.Arbitrary<Question> = fc
  .record({
    user: fc.constantFrom('root' as const, 'nobody' as const),
    sync: flag,
    mend: mostly(false, fc.constant(true)),
    options: fc.oneof<fc.MaybeWeightedArbitrary<Question['options']>[]>({ weight: 3, arbitrary: small }, { weight: 1, arbitrary: large }),
    source,
  })
  .map(({ options, source, ...asked }) => ({
    ...asked,
    // allocateSync() has no background.
    sync: asked.sync && options['prefault'] !== BACKGROUND,
    // Files of hugetlbfs have hugetlb pages.
    options: { ...options, ...source, ...(source['source'] === 'file' && { backing: ['hugetlb'] }) },
  }));
