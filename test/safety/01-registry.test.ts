/**
 * Rule 1: a process-wide registry owns every mapping by reference count. JavaScript holds numbers of its own thread and random ids,
 * and no number or address that it makes up leads to memory.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { native } from '../../lib/native.js';
import { Kind, SourceKind } from '../../lib/native/regions.js';
import { describe as factsOf } from '../../lib/region/describe.js';
import { ADDON } from '../support/addon.js';
import { BASE_PAGE } from '../support/page-sizes.js';
import { errorOf } from '../support/thrown.js';

const REFUSED = { code: expect.stringMatching(/^ERR_(OUT_OF_RANGE|INVALID_ARG_TYPE)$/) as string };

type Call = (...args: unknown[]) => unknown;

const LENGTH = 4 * BASE_PAGE;

function map(): number {
  return native.map(Kind.base, LENGTH, BASE_PAGE, 0, 0, 0n, -1, new Int32Array(), SourceKind.anonymous, '', '', 0, 0);
}

/** The functions that take a handle, with arguments that are right but for that. */
const BY_HANDLE: Record<string, unknown[]> = {
  release: [],
  abandon: [],
  describe: [new Float64Array(9)],
  path: [],
  id: [],
  arrayBuffer: [0, LENGTH],
  sharedArrayBuffer: [0, LENGTH],
  populate: [0, LENGTH, 1, [], false, undefined, () => undefined],
  populateSync: [0, LENGTH, 1, [], false],
  relocate: [LENGTH, 0, 0n],
  seals: [],
  seal: [0],
  probe: [],
  degraded: [],
  takeDegraded: [],
  residency: [0, LENGTH],
  trackWrites: [],
  takeWritten: [],
  endTracking: [],
  protect: [0, LENGTH, 0],
  advise: [0, LENGTH, 0],
  lock: [0, LENGTH],
  unlock: [0, LENGTH],
  holes: [0, LENGTH],
  reserve: [0, LENGTH],
  discard: [0, LENGTH, false],
  sendObject: ['/no/such/socket', false, 0, () => undefined],
  claim: [],
  notify: [0, 1],
  waitSync: [0, 0, 0],
  tryWait: [0, 0, 0],
  wait: [0, 0, -1, () => undefined],
  store: [0, LENGTH, '/dev/null', 0, 0, 1, 0, undefined, () => undefined],
  load: [0, LENGTH, '/dev/null', 0, 0, 1, true, undefined, () => undefined],
  clear: [0, LENGTH, 1, undefined, () => undefined],
  renew: [],
  keep: [],
  measure: [0, LENGTH, 0, BASE_PAGE, 4, true, 0, 1, 1, 0, -1, new BigUint64Array(), () => undefined],
  attachCost: [true, 1, -1, () => undefined],
};

function forged(): unknown[] {
  const released = map();
  const { address } = factsOf(released);
  native.release(released);
  const next = map() + 1;
  const numbers = [released, next, next + 2 ** 16, 0, -1, 0.5, NaN, 2 ** 32, 2 ** 32 + 1, 2 ** 53, address];
  return [...numbers, BigInt(address), String(released), undefined, null, {}];
}

describe('rule 1: handles', () => {
  it('are what the table above says', () => {
    const ofRegions = ['map', 'newId', 'attach', 'attachObject', 'receiveObject', 'cancel', 'stats'];
    const ofProcess = ['processId', 'features', 'allowedCpus', 'basePageSize', 'segmentPageSize', 'onDegraded'];
    const ofMachine = ['mount', 'unmount', 'tryLock', 'tryLease', 'isAlone', 'writeUnderPolicy', 'writeUnderPolicySync'];
    const ofIpcNamespaces = ['segmentPageSizeIn', 'readInIpcNamespace'];
    const ofFrames = ['pagemap', 'pageEntries', 'pageEntriesSync', 'frameValues', 'frameValuesSync'];
    const ofCosts = ['clockStep', 'faultCost', 'forkCost'];
    const others = [...ofRegions, ...ofProcess, ...ofMachine, ...ofIpcNamespaces, ...ofFrames, ...ofCosts];
    expect(Object.keys(native).sort()).toEqual([...Object.keys(BY_HANDLE), ...others].sort());
  });

  it.each(Object.entries(BY_HANDLE))('that are forged reach nothing: %s', (name, args) => {
    const call = native[name as keyof typeof native] as Call;
    const before = native.stats();
    for (const handle of forged()) {
      expect(errorOf(() => call(handle, ...args))).toMatchObject(REFUSED);
    }
    expect(native.stats().regions).toBe(before.regions + 1);
  });

  it('are never used again', () => {
    const handles = Array.from({ length: 1000 }, () => {
      const handle = map();
      native.release(handle);
      return handle;
    });
    expect(new Set(handles).size).toBe(handles.length);
  });

  it('of one thread mean nothing in another', async () => {
    const handle = map();
    const program = `
      const { parentPort, workerData } = require('node:worker_threads');
      const native = require(${JSON.stringify(ADDON)});
      const outcome = (call) => { try { return call(); } catch ({ code }) { return code; } };
      const refused = [outcome(() => native.describe(workerData, new Float64Array(9))), outcome(() => native.release(workerData))];
      parentPort.postMessage({ refused, regions: native.stats().regions });`;
    const worker = new Worker(program, { eval: true, workerData: handle });
    const [{ refused, regions }] = (await once(worker, 'message')) as [{ refused: unknown[]; regions: number }];
    expect(refused).toEqual(['ERR_OUT_OF_RANGE', 'ERR_OUT_OF_RANGE']);
    // The registry is the process's: the other thread sees that there is a region.
    expect(regions).toBe(native.stats().regions);
    expect(factsOf(handle).byteLength).toBe(LENGTH);
    native.release(handle);
    await worker.terminate();
  });
});

describe('rule 1: holds', () => {
  it('are counted: the memory is there until the last of them is released, in any order', () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const { regions } = native.stats();
      const first = map();
      const id = native.id(first);
      const handles = [first, native.attach(id), native.attach(id)].map(Number);
      for (const [released, i] of order.entries()) {
        expect(native.stats().regions).toBe(regions + 1);
        const bytes = new Uint8Array(native.arrayBuffer(Number(handles[i]), 0, LENGTH));
        expect(bytes[0]).toBe(released);
        bytes[0] = released + 1;
        native.release(Number(handles[i]));
      }
      expect(native.attach(id)).toBeUndefined();
      expect(native.stats().regions).toBe(regions);
    }
  });

  it('cannot be had by counting ids', () => {
    const handle = map();
    const id = native.id(handle);
    const [key = ''] = id.split('-');
    const near = [id.slice(0, -1), `${id}0`, `${id}\0`, ` ${id}`, `0${id}`];
    for (const guess of [...near, key, `${key}-`, `${key}-${'0'.repeat(32)}`, '', '-1', '9'.repeat(40)]) {
      expect(native.attach(guess)).toBeUndefined();
    }
    native.release(handle);
    expect(native.attach(id)).toBeUndefined();
  });
});
