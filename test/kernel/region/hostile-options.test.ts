/** Acceptance case 25 for allocate() and allocateSync(): each wrong option is a typed, coded error before any system call. */
import { describe, expect, it } from 'vitest';
import { allocate, allocateSync } from '../../../lib/index.js';
import type { AllocateOptions, AllocateSyncOptions } from '../../../lib/index.js';
import { BAD_NUMBERS, NONSENSE, NOT_ARRAYS, NOT_BOOLEANS, NOT_NUMBERS, expectArgumentError, isNoObject } from '../../support/hostile.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta } from '../../support/pool.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';

const BAD_SIZES = [
  ...[...NONSENSE, ...BAD_NUMBERS, 0, -0, 0n, -1n, 2n ** 64n, 2 ** 47 + 4096, true, []],
  ...['', 'x', '-1', '1e3', '0x10', '2 MiB MiB', '0', '1.3KiB'],
];
const BAD_THREADS = [...NOT_NUMBERS, ...BAD_NUMBERS, 0, 1025];
const BAD_NODES = [...NOT_ARRAYS, ...[...NOT_NUMBERS, ...BAD_NUMBERS, 1023, 1024, undefined].map((node) => [node])];

// Also what is right, where the source is anonymous.
const OF_SOURCES = {
  path: [...NOT_BOOLEANS, '/mnt'],
  name: [...NOT_BOOLEANS, 'name'],
  key: [...NOT_NUMBERS, ...BAD_NUMBERS, 0, 1],
  persistent: [...NOT_BOOLEANS, true],
  existing: [...NOT_BOOLEANS, 'refuse', 'adopt'],
  seals: [...NOT_ARRAYS, ['x'], ['SHRINK'], [undefined], ['shrink']],
};

/** Options that are right one by one. */
const UNFIT: readonly object[] = [
  { source: 'file', key: 1 },
  { source: 'file', name: 'name' },
  { source: 'file', seals: ['shrink'] },
  { source: 'file', backing: ['base'] },
  { source: 'file', backing: ['hugetlb', 'thp'] },
  { source: 'file', persistent: true },
  { source: 'file', path: '' },
  { source: 'file', path: 'a\0b' },
  { source: 'file', path: 'x'.repeat(4096) },
  { source: 'file', path: '/mnt/file', existing: 'adopt' },
  { source: 'file', path: '/mnt/file/', persistent: true },
  { source: 'memfd', path: '/mnt' },
  { source: 'memfd', persistent: true },
  { source: 'memfd', name: 'x'.repeat(201) },
  { source: 'memfd', name: '\u{20ac}'.repeat(67) },
  { source: 'sysv', shared: false },
  { source: 'sysv', persistent: true },
  { source: 'sysv', key: 0 },
  { source: 'sysv', key: 2 ** 31 },
  { source: 'sysv', key: -(2 ** 31) - 1 },
  { source: 'sysv', key: 1, existing: 'adopt' },
];

const WRONG: Record<string, readonly unknown[]> = {
  size: [...BAD_SIZES, undefined],
  pageSize: BAD_SIZES,
  backing: [...NOT_ARRAYS, [], ['x'], ['HUGETLB'], ['hugetlb', 'x'], [undefined], [null], new Array(1), [['base']]],
  shared: NOT_BOOLEANS,
  reserve: NOT_BOOLEANS,
  guard: NOT_BOOLEANS,
  prefault: [
    ...NOT_BOOLEANS.filter(isNoObject),
    { thread: 1 },
    ...BAD_THREADS.map((threads) => ({ threads })),
    ...BAD_NODES.map((nodes) => ({ nodes })),
  ],
  numa: [
    ...NOT_BOOLEANS,
    false,
    true,
    {},
    { mode: 'strict', nodes: [0] },
    { mode: 'bind' },
    { mode: 'bind', nodes: [] },
    { mode: 'local', nodes: [0] },
    { mode: 'bind', nodes: [0], strict: true },
    ...BAD_NODES.map((nodes) => ({ mode: 'bind', nodes })),
  ],
  onFork: [...NOT_BOOLEANS, true, 'Exclude', 'exclude '],
  source: [...NOT_BOOLEANS, true, 'Memfd', 'memfd ', 'shm', 'hugetlbfs'],
  ...OF_SOURCES,
  onExhaustion: [...NOT_BOOLEANS, true, 'Degrade', 'degrade ', 'exclude'],
  alignment: [...BAD_SIZES, 3, '3KiB', 2 ** 41],
  addressHint: [...NOT_NUMBERS.filter((value) => typeof value !== 'bigint'), 0, 4096, -1n, 2n ** 47n, 2n ** 64n],
};

// allocate() alone has these.
const WRONG_ASYNC: readonly unknown[] = [
  ...NOT_BOOLEANS.map((background) => ({ background })),
  ...[...NONSENSE, 1, 'abort', {}, new EventTarget(), { aborted: false }].map((signal) => ({ signal })),
  ...[...NOT_NUMBERS.filter((value) => typeof value !== 'function'), 1].map((onProgress) => ({ onProgress })),
];

function expectOptionError(error: unknown, value: unknown): void {
  expectArgumentError(error, value);
  expect((error as Error).message).toMatch(/options/);
}

const VALID = { size: H, backing: ['base'] };

describe('a wrong option of allocate() and allocateSync()', () => {
  it.each(Object.keys(WRONG))('%s', async (name) => {
    const before = allCounters();
    for (const value of WRONG[name] ?? []) {
      const options = { ...VALID, [name]: value, ...(name === 'pageSize' && { backing: ['hugetlb'] }) } as unknown;
      expectOptionError(errorOf(() => allocateSync(options as AllocateSyncOptions)), value);
      expectOptionError(await rejectionOf(allocate(options as AllocateOptions)), value);
    }
    expect(delta(before)).toEqual({});
  });

  it.each(UNFIT.map((options) => [JSON.stringify(options).slice(0, 60), options]))('%s', async (_, options) => {
    const before = allCounters();
    const unfit = { size: H, ...options } as AllocateOptions & AllocateSyncOptions;
    const error: object = { code: expect.stringMatching(/^ERR_(INVALID_ARG_VALUE|OUT_OF_RANGE)$/) as unknown };
    expect(errorOf(() => allocateSync(unfit))).toMatchObject(error);
    expect(await rejectionOf(allocate(unfit))).toMatchObject(error);
    expect(delta(before)).toEqual({});
  });

  it('prefault of allocate()', async () => {
    for (const prefault of WRONG_ASYNC) {
      const options = { ...VALID, prefault } as AllocateOptions;
      expectOptionError(await rejectionOf(allocate(options)), prefault);
    }
  });

  it('prefault of allocateSync(), which has no event loop to run it beside', () => {
    const { signal } = new AbortController();
    for (const prefault of [{ background: true }, { background: false }, { signal }, { onProgress: () => undefined }]) {
      expectOptionError(errorOf(() => allocateSync({ ...VALID, prefault } as AllocateSyncOptions)), prefault);
    }
  });

  it('all of them', async () => {
    for (const value of [...NONSENSE, undefined, 1, 'x', 4096n, true, [], [4096], {}]) {
      expectOptionError(errorOf(() => allocateSync(value as AllocateSyncOptions)), value);
      expectOptionError(await rejectionOf(allocate(value as AllocateOptions)), value);
    }
  });

  it('a name that is none', () => {
    for (const name of ['sise', 'Size', 'sources', 'strict', 'constructor', 'toString', '']) {
      const error = errorOf(() => allocateSync({ ...VALID, [name]: 1 } as unknown as AllocateSyncOptions));
      expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
    }
  });
});

describe('options that are right and cannot be met', () => {
  it('a size of the whole address space is a coded error', async () => {
    const options = { size: 2 ** 47, backing: ['base'], prefault: false } as const;
    expect(errorOf(() => allocateSync(options))).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MEMORY', errno: -12 });
    expect(await rejectionOf(allocate(options))).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MEMORY', errno: -12 });
  });

  it('what a getter throws comes out, and nothing was allocated', async () => {
    const thrown = new Error('getter');
    const options = {
      ...VALID,
      get guard(): boolean {
        throw thrown;
      },
    } as AllocateOptions;
    expect(errorOf(() => allocateSync(options))).toBe(thrown);
    expect(await rejectionOf(allocate(options))).toBe(thrown);
  });
});
