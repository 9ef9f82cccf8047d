/** Acceptance case 25 for the functions of the host: wrong arguments are typed, coded errors, and no pool changes. */
import { describe, expect, it } from 'vitest';
import * as api from '../../../lib/index.js';
import { BAD_NUMBERS, NONSENSE, NOT_BOOLEANS, NOT_NUMBERS, expectArgumentError, isNoObject } from '../../support/hostile.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta } from '../../support/pool.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';

/** Functions as JavaScript sees them: anything can be passed. */
const loose = api as unknown as Record<string, (...args: unknown[]) => unknown>;
const call = (name: string, ...args: unknown[]): unknown => loose[name]?.(...args);

const OF_MEMORY = ['pools', 'thp', 'mounts', 'numaNodes', 'nodeMemory', 'vmstat', 'memoryState'];
const PLAIN_READERS = [...OF_MEMORY, 'limits', 'cgroupLimits', 'container', 'doctor'];

/** Functions that read the machine, with what comes before their options. */
const READERS: [name: string, ...before: unknown[]][] = [['pool', H], ...PLAIN_READERS.map((name): [string] => [name])];

/** Functions that take a mount point, with the names of their options. */
const MOUNT_QUESTIONS: [name: string, ...options: string[]][] = [
  ['mountUsage'],
  ['mountHolders'],
  ['leftovers', 'minAge', 'remove'],
  ['unmount', 'dryRun'],
];

const BAD_SIZES = [...NONSENSE, ...BAD_NUMBERS, undefined, '', 'default', 'largest', 0, -1n, true, []];
const NOT_OBJECTS = [...NONSENSE.filter(isNoObject), 1, 'root', true, 1n, ['/']];
const NOT_TEXT = NOT_NUMBERS.filter((value) => typeof value !== 'string');

/** What a call throws, or the promise that it returns is rejected with. */
async function refusalOf(name: string, ...args: unknown[]): Promise<unknown> {
  return rejectionOf(new Promise((resolve) => resolve(call(name, ...args))));
}

/** Each of the wrong values in the place of a good one, and what is no object at all. */
async function expectRefusals(name: string, good: object, wrong: Record<string, readonly unknown[]>): Promise<void> {
  for (const value of [...NOT_OBJECTS, undefined, {}]) expectArgumentError(await refusalOf(name, value), value);
  for (const [option, values] of Object.entries(wrong)) {
    for (const value of values) expectArgumentError(await refusalOf(name, { ...good, [option]: value }), { [option]: value });
  }
}

describe('wrong arguments', () => {
  it.each(READERS)('%s: its options', (name, ...before) => {
    for (const value of NOT_OBJECTS) expectArgumentError(errorOf(() => call(name, ...before, value)), value);
    for (const root of NOT_TEXT) expectArgumentError(errorOf(() => call(name, ...before, { root })), root);
    expectArgumentError(errorOf(() => call(name, ...before, { rot: '/' })), 'rot');
  });

  it.each(READERS)('%s: a root that is no path', (name, ...before) => {
    expect(errorOf(() => call(name, ...before, { root: 'a\0b' }))).toHaveProperty('code');
  });

  it('pool: its page size', () => {
    for (const value of BAD_SIZES) expectArgumentError(errorOf(() => call('pool', value)), value);
  });

  it.each<[name: string, good: Record<string, unknown>, wrong: Record<string, readonly unknown[]>]>([
    [
      'setPool',
      { pages: 1 },
      {
        pages: [...NOT_NUMBERS, ...BAD_NUMBERS, undefined],
        overcommit: [...NOT_NUMBERS, ...BAD_NUMBERS],
        nodes: [...NOT_OBJECTS, {}, { 0: 1 }],
        allowSurplus: NOT_BOOLEANS,
      },
    ],
    ['setPoolSync', { pages: 1 }, { pages: [...NOT_NUMBERS, ...BAD_NUMBERS, undefined] }],
    ['growPool', { freePages: 1 }, { freePages: [...NOT_NUMBERS, ...BAD_NUMBERS, undefined] }],
  ])('%s: its change', async (name, good, wrong) => {
    const before = allCounters();
    const common = {
      pageSize: BAD_SIZES,
      node: [...NOT_NUMBERS, ...BAD_NUMBERS, 1024, 1023],
      policy: [...NOT_OBJECTS, {}, { mode: 'bind' }, { mode: 'x', nodes: [0] }, { mode: 'bind', nodes: [-1] }],
      retries: [...NOT_NUMBERS, ...BAD_NUMBERS, 21],
      ...Object.fromEntries(['compact', 'dropCaches', 'rollback', 'dryRun'].map((option) => [option, NOT_BOOLEANS])),
      page: [1],
    };
    await expectRefusals(name, { pageSize: H, ...good }, { ...common, ...wrong });
    expect(delta(before)).toEqual({});
  });

  it('demote: its demotion', async () => {
    const wrong = {
      pageSize: BAD_SIZES,
      pages: [...NOT_NUMBERS, ...BAD_NUMBERS, undefined, 0],
      node: [...NOT_NUMBERS, ...BAD_NUMBERS, 1024],
      targetSize: [...BAD_SIZES.filter((value) => value !== undefined), H, 2 * H],
      dryRun: NOT_BOOLEANS,
      free: [1],
    };
    await expectRefusals('demote', { pageSize: H, pages: 1 }, wrong);
  });

  it('pool changes: their options', async () => {
    for (const name of ['setPool', 'growPool']) {
      const change = { pageSize: H, [name === 'setPool' ? 'pages' : 'freePages']: 0 };
      for (const value of NOT_OBJECTS) expectArgumentError(await refusalOf(name, change, value), value);
      for (const root of NOT_TEXT) expectArgumentError(await refusalOf(name, change, { root }), root);
      for (const signal of [...NOT_NUMBERS, 1, {}]) expectArgumentError(await refusalOf(name, change, { signal }), signal);
    }
  });

  it('restore: its options', () => {
    for (const value of NOT_OBJECTS) expectArgumentError(errorOf(() => call('restore', value)), value);
    for (const dryRun of NOT_BOOLEANS) expectArgumentError(errorOf(() => call('restore', { dryRun })), dryRun);
    for (const root of NOT_TEXT) expectArgumentError(errorOf(() => call('restore', { root })), root);
    expectArgumentError(errorOf(() => call('restore', { force: true })), 'force');
  });

  it.each(['mount', 'ensureMount'])('%s: its options', (name) => {
    const good = { path: '/hugepages-test-nowhere', dryRun: true };
    const wrong: Record<string, readonly unknown[]> = {
      path: [...NOT_TEXT, undefined, '', 'a\0b'],
      pageSize: BAD_SIZES.filter((value) => value !== undefined),
      size: [...BAD_SIZES.filter((value) => value !== undefined), H + 1, '101%', '-1%', '1.5%', '0%', '%'],
      minSize: [...NONSENSE, ...BAD_NUMBERS, '', true, [], H + 1, '101%', '%'],
      nrInodes: [...NOT_NUMBERS, ...BAD_NUMBERS, 0],
      uid: [...NOT_NUMBERS, ...BAD_NUMBERS, 2 ** 32 - 1],
      gid: [...NOT_NUMBERS, ...BAD_NUMBERS, 2 ** 32 - 1],
      mode: [...NOT_TEXT, ...BAD_NUMBERS, 0o2000, '', 'x', '8', '7777', '0o777'],
      dryRun: NOT_BOOLEANS,
      pagesize: [H],
    };
    for (const value of [...NOT_OBJECTS, undefined]) expectArgumentError(errorOf(() => call(name, value)), value);
    for (const [option, values] of Object.entries(wrong)) {
      for (const value of values) expectArgumentError(errorOf(() => call(name, { ...good, [option]: value })), { [option]: value });
    }
    expectArgumentError(errorOf(() => call(name, { ...good, size: H, minSize: 2 * H })), 'minSize');
  });

  it.each(MOUNT_QUESTIONS)('%s: its path and options', async (name, ...options) => {
    const rejected = async (...args: unknown[]): Promise<void> => {
      expectArgumentError(await rejectionOf(Promise.resolve().then(() => call(name, ...args))), args);
    };
    for (const path of [...NOT_TEXT, undefined, '', 'a\0b']) await rejected(path);
    if (options.length > 0) for (const value of NOT_OBJECTS) await rejected('/', value);
    for (const option of options) for (const value of [...NONSENSE, -1, 'x', 0.5]) await rejected('/', { [option]: value });
  });

  it('findMount: its page size and options', () => {
    const defined = BAD_SIZES.filter((value) => value !== undefined);
    for (const value of defined) expectArgumentError(errorOf(() => call('findMount', value)), value);
    for (const value of NOT_OBJECTS) expectArgumentError(errorOf(() => call('findMount', H, value)), value);
    for (const size of defined) expectArgumentError(errorOf(() => call('findMount', H, { size })), size);
    for (const writable of NOT_BOOLEANS) expectArgumentError(errorOf(() => call('findMount', H, { writable })), writable);
  });

  it('unmountSync: its path and options', () => {
    for (const path of [...NOT_TEXT, undefined, '', 'a\0b']) expectArgumentError(errorOf(() => call('unmountSync', path)), path);
    for (const value of NOT_OBJECTS) expectArgumentError(errorOf(() => call('unmountSync', '/', value)), value);
    for (const dryRun of NOT_BOOLEANS) expectArgumentError(errorOf(() => call('unmountSync', '/', { dryRun })), dryRun);
  });

  it('setThp: its change and options', () => {
    const dry = { dryRun: true };
    const changes = [...NOT_OBJECTS, undefined, { enable: 'never' }];
    for (const change of changes) expectArgumentError(errorOf(() => call('setThp', change, dry)), change);
    for (const word of [...NOT_TEXT, '', 'Always', 'always ', '[never]']) {
      for (const setting of ['enabled', 'defrag', 'shmem']) {
        expectArgumentError(errorOf(() => call('setThp', { [setting]: word }, dry)), word);
      }
    }
    for (const value of NOT_OBJECTS) expectArgumentError(errorOf(() => call('setThp', {}, value)), value);
    for (const dryRun of NOT_BOOLEANS) expectArgumentError(errorOf(() => call('setThp', {}, { dryRun })), dryRun);
  });

  it('setup: its plan and options', async () => {
    const rejected = async (plan: unknown, options: unknown = { dryRun: true }): Promise<void> => {
      expectArgumentError(await rejectionOf(call('setup', plan, options) as Promise<unknown>), [plan, options]);
    };
    for (const value of [...NOT_OBJECTS, undefined, { pool: [] }]) await rejected(value);
    for (const value of [...NOT_OBJECTS, { undoo: true }]) await rejected({}, value);
    for (const option of ['dryRun', 'undo']) for (const value of NOT_BOOLEANS) await rejected({}, { [option]: value });
    for (const root of NOT_TEXT) await rejected({}, { dryRun: true, root });
    await rejected({ thp: {} }, { dryRun: true, undo: true });
    const notLists = [...NOT_OBJECTS.filter((value) => !Array.isArray(value)), {}];
    for (const part of ['pools', 'mounts']) for (const value of notLists) await rejected({ [part]: value });
    for (const value of [...NOT_OBJECTS, undefined]) await rejected({ pools: [value] });
    for (const value of [...NOT_OBJECTS, undefined]) await rejected({ mounts: [value] });
    for (const pageSize of BAD_SIZES) await rejected({ pools: [{ pageSize }] });
    for (const count of [...NOT_NUMBERS, ...BAD_NUMBERS]) {
      await rejected({ pools: [{ pageSize: H, pages: count }] });
      await rejected({ pools: [{ pageSize: H, overcommit: count }] });
      await rejected({ pools: [{ pageSize: H, nodes: { 0: count } }] });
    }
    for (const path of [...NOT_TEXT, undefined, '', 'a\0b', '/', 'mnt']) await rejected({ mounts: [{ path }] });
    for (const id of [...NOT_NUMBERS.filter((value) => typeof value !== 'string'), ...BAD_NUMBERS, '', 'no such one', 2 ** 32 - 1]) {
      await rejected({ shmGroup: id });
      await rejected({ mounts: [{ path: '/mnt', uid: id }] });
    }
    for (const mode of [...NOT_TEXT, ...BAD_NUMBERS, 0o2000, '', 'x', '8', '7777']) await rejected({ mounts: [{ path: '/mnt', mode }] });
  });

  it('are tried on every function that this package exports', () => {
    const mounting = ['mount', 'ensureMount', 'unmount', 'unmountSync', 'findMount', 'mountUsage', 'mountHolders', 'leftovers'];
    const changing = ['setPool', 'setPoolSync', 'growPool', 'demote', 'setThp', 'setup'];
    const tried = [...READERS.map(([name]) => name), ...mounting, ...changing, 'restore'];
    // In test/kernel/region, in test/kernel/inspect and test/unit/inspect, in test/kernel/bench and test/unit/bench.
    const elsewhere = ['allocate', 'allocateSync', 'explain'];
    const inspecting = ['processAccount', 'processes', 'addressSpace', 'pagemap', 'ledger', 'leaks'];
    const measuring = ['benchTlb', 'benchAdvise', 'benchPrefault', 'benchFork', 'benchAccess', 'benchShare'];
    const computing = ['compareBenches', 'layChase', 'followChase'];
    const classes = ['Region', 'RegionCache', 'WriteTracker', 'HugePagesError'];
    const others = [...elsewhere, ...inspecting, ...measuring, ...computing, ...classes];
    expect(Object.keys(api).sort()).toEqual([...tried, ...others].sort());
  });
});
