/** Calls every function of the addon with hostile arguments. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { allocateSync } from 'hugepages';
import { checkTyped, run } from './attack.mjs';
import { anyArguments, cook, hostile, mostly, mostlyMade } from './hostile.mjs';

const native = createRequire(import.meta.url)(process.argv[4]);

const PAGE = 4096;
const LENGTH = 4 * PAGE;

const handle = mostlyMade('the handle', (context) => context.region);
const part = [mostly(0, PAGE), mostly(0, PAGE, 2 * PAGE)];
const kind = mostly(0, 1, 2);
const memory = [kind, mostly(PAGE, 1), mostly(PAGE, 2 ** 21), mostly(0, 1, 15, 64)];
const source = [mostly(0, 1, 3), mostly(''), mostly('', 'name'), mostly(0), mostly(0, 2)];
const numbers = mostly(new Int32Array(), Int32Array.of(0), Int32Array.of(-1, 0), Int32Array.of(8192), new Int32Array(10_000));
const populate = [handle, ...part, mostly(1, 2, 1024), numbers, mostly(true, false)];
const word = [handle, mostly(0, 4, LENGTH - 4), mostly(0, -1)];
const NOWHERE = '/nowhere/socket';
const claim = [kind, mostly(1, 2, 3), mostly(PAGE), mostly(PAGE), mostly(0, 8), mostly(-1, 0), mostly('', '0:1:2')];
const callback = mostly(() => undefined);
const somebody = mostly(process.pid, 1, 2, 2 ** 22 - 1);
const addresses = BigUint64Array.of(2n ** 21n, 2n ** 22n);
const transfer = [handle, ...part, mostly('/proc/self/status', '/proc/self/fd/no', 1e6), mostly(0, 1), mostly(0, 1, 2), mostly(1, 2)];

const figures = [kind, mostly(PAGE), mostly(PAGE, 2 * PAGE), mostly(true, false), mostly(1, 2), mostly(-1, 0, 8191), callback];

/** Arguments that get past the first checks. What is not here gets any. */
const ARGUMENTS = {
  map: [...memory, mostly(0, PAGE, 2 ** 30), mostly(0n), mostly(-1, 2), numbers, ...source],
  keep: [handle],
  release: [handle],
  renew: [handle],
  abandon: [handle],
  describe: [handle, mostly(new Float64Array(9), new Float64Array(8))],
  path: [handle],
  id: [handle],
  attach: [mostlyMade('an id', ({ region }) => native.id(region))],
  arrayBuffer: [handle, ...part],
  sharedArrayBuffer: [handle, ...part],
  populate: [...populate, callback, callback],
  populateSync: populate,
  clear: [handle, ...part, mostly(1, 2, 1024), callback, callback],
  load: [...transfer, mostly(true, false), callback, callback],
  store: [...transfer, mostly(0), callback, callback],
  measure: [
    ...[handle, ...part, mostly(0, 1, 2, 3, 4, 5), mostly(64, PAGE), mostly(1, 2), mostly(true, false), mostly(0, 100), mostly(1, 100)],
    ...[mostly(0, 1, 10), mostly(1), mostly(-1, 0, 8191), mostly(new BigUint64Array(), BigUint64Array.of(3n, 3n)), callback],
  ],
  faultCost: figures,
  forkCost: figures,
  attachCost: [handle, mostly(true, false), mostly(1, 2), mostly(-1, 0, 8191), callback],
  cancel: [mostly(1, 2)],
  tryWait: [...word, mostly(0, 1000, -1)],
  wait: [...word, mostly(0, 1000, -1), callback],
  waitSync: [...word, mostly(0, 1000, -1)],
  notify: [handle, mostly(0, 4, LENGTH - 4), mostly(0, 1, 2 ** 31 - 1)],
  claim: [handle],
  attachObject: [...claim, mostly('/dev/null', ''), mostly(1), mostly(0), mostly(true, false), mostly(true, false)],
  sendObject: [handle, mostly(NOWHERE), mostly(true, false), mostly(0, 1000), callback],
  receiveObject: [mostly(NOWHERE), mostly(true, false), mostly(0, 1000), mostly(true, false), mostly(true, false), callback],
  discard: [handle, ...part, mostly(true, false)],
  reserve: [handle, ...part],
  holes: [handle, ...part],
  relocate: [handle, mostly(PAGE, 2 * PAGE, LENGTH), mostly(0, PAGE, 2 ** 21), mostly(0n)],
  seals: [handle],
  seal: [handle, mostly(0, 2)],
  probe: [handle],
  degraded: [handle],
  takeDegraded: [handle],
  onDegraded: [callback],
  residency: [handle, ...part],
  pagemap: [somebody, mostly(addresses), mostly(true, false), mostly(0, 1, 2), callback],
  pageEntries: [somebody, mostly(PAGE, 2 ** 21), mostly(addresses, new BigUint64Array()), callback],
  pageEntriesSync: [somebody, mostly(PAGE, 2 ** 21), mostly(addresses, new BigUint64Array())],
  frameValues: [mostly(0, 1, 2), mostly(Float64Array.of(1, 2, 2 ** 40)), callback],
  frameValuesSync: [mostly(0, 1, 2), mostly(Float64Array.of(1, 2, 2 ** 40), Float64Array.of(0.5))],
  trackWrites: [handle],
  takeWritten: [handle],
  endTracking: [handle],
  protect: [handle, ...part, mostly(0, 1, 3)],
  advise: [handle, ...part, hostile],
  lock: [handle, ...part],
  unlock: [handle, ...part],
};

const CALL = fc.constantFrom(...Object.keys(native)).chain((target) => {
  const args = ARGUMENTS[target] === undefined ? anyArguments : fc.tuple(...ARGUMENTS[target]);
  // One too few is a different mistake than a wrong one.
  const left = fc.oneof({ weight: 9, arbitrary: fc.constant(9) }, { weight: 1, arbitrary: fc.nat(9) });
  return fc.record({ target: fc.constant(target), args, left });
});

// A callback that is a class throws when it is called, which is the caller's uncaught exception.
process.on('uncaughtException', (error) => {
  if (error instanceof TypeError && error.message.startsWith('Class constructor')) return;
  console.error(error);
  process.exit(1);
});

/** A failed system call has no code yet: what it means is lib/'s to say. */
function checkNative(error) {
  if (error.syscall === undefined) {
    checkTyped(error, 'Error');
    return;
  }
  assert(Number.isInteger(error.errno) && error.errno < 0, error.stack);
  assert.equal(typeof error.syscall, 'string');
}

function release(region) {
  try {
    native.release(region);
  } catch (error) {
    // The call itself, or an argument of it, has released it already.
    assert.equal(error.code, 'ERR_OUT_OF_RANGE');
  }
}

const MAPPED = [2, LENGTH, PAGE, 0, 0, 0n, -1, new Int32Array(), 0, '', '', 0, 0];
const disposed = native.map(...MAPPED);
native.release(disposed);
const other = allocateSync({ size: PAGE, backing: ['base'] });

await run(CALL, (call) => {
  const region = native.map(...MAPPED);
  // No word holds what a wait may expect: it would wait for ever.
  if (call.target.startsWith('wait')) new Uint8Array(native.arrayBuffer(region, 0, LENGTH)).fill(0x5a);
  const context = { region, disposed, other, dispose: () => release(region) };
  let result;
  try {
    const args = call.args.slice(0, call.left).map((recipe) => cook(recipe, context));
    if (call.target === 'store' && typeof args[3] === 'string') args[3] = '/proc/self/fd/no'; // makes no file
    // Where it cannot listen: it would wait for ever.
    if (call.target === 'receiveObject' && typeof args[0] === 'string' && args[0] !== '') args[0] = NOWHERE;
    result = native[call.target](...args);
    return 'returned';
  } catch (error) {
    checkNative(error);
    return 'threw';
  } finally {
    release(region);
    // None knows of a region that it would end with.
    if (['faultCost', 'forkCost', 'attachCost'].includes(call.target) && result !== undefined) native.cancel(result);
    if (['map', 'attach', 'renew'].includes(call.target) && result !== undefined) release(result);
  }
});
other.dispose();
