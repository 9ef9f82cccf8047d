/** Calls every function and method that the library exports, with hostile arguments and on hostile receivers. */
import { types } from 'node:util';
import fc from 'fast-check';
import * as api from 'hugepages';
import { checkTyped, run } from './attack.mjs';
import { anyArguments, cook, list, mostly, mostlyMade, options } from './hostile.mjs';

const PAGE = 4096;
const PAGES = 4;

const flag = mostly(true, false);
const nodes = list(mostly(0));
const offset = mostly(0, PAGE, PAGES * PAGE);
const length = mostly(0, PAGE, 2 * PAGE);
const job = { threads: mostly(1, 2, 1024), signal: mostly(undefined), onProgress: mostly(() => undefined) };
const prefault = { ...job, nodes };
const transfer = { ...job, offset, length, position: mostly(0, 1), direct: mostly(true, false, 'auto') };
const root = options({ root: mostly('/') });

// What passes the checks ends at once, by a signal that has come: measuring takes seconds.
const BENCH = options({ bytes: mostly('2MiB', 2 ** 22), rounds: mostly(1, 2), growPools: flag, onProgress: mostly(() => undefined) });

const TOKEN = ['type', 'version', 'process', 'id', 'byteLength', 'pageSize', 'backing', 'source', 'seals'];
// Nobody comes, and nothing is waited for.
const HANDOVER = { timeout: mostly(0, 1), signal: mostly(undefined), peer: mostly('same-user', 'any-user') };
const USE = { access: mostly('read'), onExhaustion: mostly('signal', 'degrade') };
const NOWHERE = '/nowhere/socket';

const ALLOCATE = options({
  size: mostly(1, PAGE, '16KiB'),
  pageSize: mostly('2MiB', 'default', 'largest'),
  backing: list(mostly('hugetlb', 'thp', 'base')),
  shared: flag,
  prefault: fc.oneof(flag, options({ ...prefault, background: flag })),
  reserve: flag,
  numa: options({ mode: mostly('bind', 'preferred', 'interleave', 'local'), nodes }),
  onFork: mostly('exclude', 'inherit'),
  onExhaustion: mostly('signal', 'degrade'),
  alignment: mostly(PAGE, '2MiB'),
  guard: flag,
  addressHint: mostly(0n, 1n << 46n),
});

const POOL_OPTIONS = {
  pageSize: mostly('2MiB', '1GiB'),
  node: mostly(undefined, 0),
  policy: options({ mode: mostly('bind', 'interleave'), nodes }),
  ...Object.fromEntries(['compact', 'dropCaches', 'rollback', 'allowSurplus'].map((name) => [name, flag])),
  retries: mostly(0, 2),
};
const POOL_CHANGE = options({ ...POOL_OPTIONS, pages: mostly(0, 4), nodes: mostly(undefined), overcommit: mostly(0, 4) });

/** Arguments that get past the first check. What is not here gets any. */
const ARGUMENTS = {
  allocate: [ALLOCATE],
  allocateSync: [ALLOCATE],
  setPool: [POOL_CHANGE, root],
  setPoolSync: [POOL_CHANGE, root],
  growPool: [options({ ...POOL_OPTIONS, freePages: mostly(0, 4) }), root],
  demote: [options({ pageSize: mostly('1GiB'), pages: mostly(1), node: mostly(0), targetSize: mostly('2MiB') }), root],
  restore: [root],
  explain: [ALLOCATE, root],
  pool: [mostly('2MiB', 2 ** 30), root],
  pools: [root],
  mounts: [root],
  limits: [root],
  thp: [root],
  numaNodes: [root],
  addressSpace: [mostly(process.pid, 1, 2 ** 22), options({ root: mostly('/'), hugeOnly: flag })],
  processAccount: [mostly(process.pid, 1, 2 ** 22), root],
  processes: [
    options({
      root: mostly('/'),
      user: mostly(0, 'root'),
      command: mostly('node'),
      pageSize: mostly('2MiB'),
      minSize: mostly(0, '2MiB'),
      pids: list(mostly(1, 2)),
      sort: mostly('pid', 'total'),
      ...Object.fromEntries(['all', 'mappings'].map((name) => [name, flag])),
      concurrency: mostly(1, 64),
    }),
  ],
  pagemap: [
    mostly(process.pid, 1, 2),
    options({ start: mostly(0n, 2n ** 46n), end: mostly(2n ** 46n, 2n ** 47n) }),
    options({ frames: flag, signal: mostly(undefined) }),
  ],
  ...Object.fromEntries(['Access', 'Advise', 'Fork', 'Prefault', 'Share', 'Tlb'].map((name) => [`bench${name}`, [BENCH]])),
  layChase: [mostlyMade('words', () => new Uint32Array(4096)), options({ stride: mostly(64, PAGE), count: mostly(1, 2), seed: mostly(1) })],
  followChase: [mostlyMade('words', () => new Uint32Array(4096)), mostly(0, 1000), mostly(0, 1)],
  'Region.attach': [
    options(Object.fromEntries(TOKEN.map((name) => [name, mostlyMade(name, ({ other }) => other.share()[name])]))),
    options(USE),
  ],
  'Region.receive': [mostly(NOWHERE), options({ ...HANDOVER, ...USE })],
  'Region.prototype.sendTo': [mostly(NOWHERE), options(HANDOVER)],
  'Region.prototype.buffer': [offset, length],
  'Region.prototype.sharedBuffer': [offset, length],
  'Region.prototype.bytes': [offset, length],
  'Region.prototype.view': [mostly(Uint8Array, Float64Array, DataView), offset, mostly(0, 1, 512)],
  'Region.prototype.prefault': [options({ ...prefault, offset, length })],
  'Region.prototype.zero': [offset, length, options(job)],
  'Region.prototype.load': [mostly('/proc/self/status', 1e6), options(transfer)],
  'Region.prototype.store': [mostly('/proc/self/fd/no', 1e6), options({ ...transfer, flag: mostly('r+') })],
  'Region.prototype.discard': [offset, length, options({ round: mostly(undefined, 'inward'), keepReservation: flag })],
  'Region.prototype.refill': [offset, length, options({ ...job, nodes })],
  'Region.prototype.refillSync': [offset, length, options({ threads: mostly(1, 2), nodes })],
  'Region.prototype.reserve': [offset, length],
  'Region.prototype.protect': [mostly('none', 'read', 'read-write'), offset, length],
  'Region.prototype.advise': [mostly('random', 'cold', 'collapse', 'populate-read', 'dontfork'), offset, length],
  'Region.prototype.lock': [offset, length],
  'Region.prototype.unlock': [offset, length],
  'Region.prototype.residency': [offset, length],
  'Region.prototype.wait': [offset, mostly(0, -1), options({ timeout: mostly(0, 1), signal: mostly(undefined) })],
  'Region.prototype.waitSync': [offset, mostly(0, -1), options({ timeout: mostly(0, 1) })],
  'Region.prototype.notify': [offset, mostly(0, 1, Infinity)],
};

const isClass = (value) => /^class\b/.test(Function.prototype.toString.call(value));

/** Every way in: functions, constructors, static methods, methods and getters. A new one is found here by itself. */
function* targets() {
  for (const [name, value] of Object.entries(api)) {
    if (value === api.HugePagesError) continue; // thrown by the library; its constructor is nobody's interface
    if (!isClass(value)) yield { name, call: value };
    else yield* classTargets(name, value);
  }
}

function* classTargets(name, type) {
  yield { name: `new ${name}`, call: (...args) => Reflect.construct(type, args) };
  for (const [holder, path] of [
    [type, name],
    [type.prototype, `${name}.prototype`],
  ]) {
    for (const key of Reflect.ownKeys(holder).filter((key) => !['length', 'name', 'prototype', 'constructor'].includes(key))) {
      const { value, get } = Object.getOwnPropertyDescriptor(holder, key);
      yield { name: `${path}.${String(key)}`, call: value ?? get };
    }
  }
}

const TARGETS = Object.fromEntries([...targets()].map(({ name, call }) => [name, call]));

const CALL = fc.constantFrom(...Object.keys(TARGETS)).chain((target) => {
  const args = ARGUMENTS[target] === undefined ? anyArguments : fc.tuple(...ARGUMENTS[target]);
  return fc.record({ target: fc.constant(target), receiver: mostlyMade('the region', ({ region }) => region), args });
});

const SMALL = ['16KiB', '2MiB'];

const isLarge = (size) => (typeof size === 'string' ? !SMALL.includes(size) : ['number', 'bigint'].includes(typeof size) && size > 2 ** 24);

/** Those that were given, and a signal that has come: what passes the checks would measure for seconds. */
function benchOptions(given) {
  const options = given ?? {};
  const come = { value: AbortSignal.abort(), enumerable: true };
  if (typeof options === 'object' && !types.isProxy(options)) Reflect.defineProperty(options, 'signal', come);
  return options;
}

/** Sizes that are legitimate and that this machine cannot populate are mapped only. Pools stay as they are, and no file is made. */
function defuse(target, args) {
  const [first] = args;
  if (target.endsWith('.store') && typeof first === 'string') args[0] = '/proc/self/fd/no';
  // Where it cannot listen: it would wait for ever.
  if (target === 'Region.receive' && typeof first === 'string' && first !== '') args[0] = NOWHERE;
  // So many steps as a number can say would take for ever.
  if (target === 'followChase' && typeof args[1] === 'number') args[1] = Math.min(PAGE, args[1]);
  if (target.startsWith('bench')) args[0] = benchOptions(first);
  if (typeof first !== 'object' || first === null) return;
  const { value } = Object.getOwnPropertyDescriptor(first, 'size') ?? {};
  if (['setPool', 'setPoolSync', 'growPool', 'demote'].includes(target)) first.dryRun = true;
  else if (target.startsWith('allocate') && isLarge(value)) first.prefault = false;
}

const other = api.allocateSync({ size: PAGE, backing: ['base'] });
const disposed = api.allocateSync({ size: PAGE, backing: ['base'] });
disposed.dispose();

await run(CALL, async ({ target, receiver, args: recipes }) => {
  const region = api.allocateSync({ size: PAGES * PAGE, backing: ['base'], prefault: false });
  // No word holds what a wait may expect: it would wait for ever.
  if (target.includes('.wait')) region.bytes().fill(0x5a);
  const context = { region, disposed, other, dispose: () => region.dispose() };
  const args = recipes.map((recipe) => cook(recipe, context));
  defuse(target, args);
  let result;
  try {
    result = await TARGETS[target].apply(cook(receiver, context), args);
    return 'returned';
  } catch (error) {
    checkTyped(error, 'HugePagesError');
    return 'threw';
  } finally {
    region.dispose();
    if (result instanceof api.Region && result !== other) {
      // A background prefault ends before its pages are counted.
      result.dispose();
      await Promise.allSettled([result.ready]);
    }
  }
});
other.dispose();
