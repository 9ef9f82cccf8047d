/** Acceptance case 25 for the methods of a region: wrong arguments, wrong receivers, wrong constructors. */
import { afterAll, describe, expect, it } from 'vitest';
import { Region, allocateSync } from '../../../lib/index.js';
import { BAD_NUMBERS, NONSENSE, NOT_ARRAYS, NOT_BOOLEANS, NOT_NUMBERS, expectArgumentError, isNoObject } from '../../support/hostile.js';
import { mappingsOf } from '../../support/kernel-text.js';
import { BASE_PAGE } from '../../support/page-sizes.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';

const SIZE = 8 * BASE_PAGE;
const region = allocateSync({ size: SIZE, backing: ['base'] });
region.bytes().fill(0x5a);
const mapped = mappingsOf(region.address, SIZE);

afterAll(() => {
  region.dispose();
});

/** Methods as JavaScript sees them: anything can be passed. */
type Loose = Record<string, (...args: unknown[]) => unknown>;
const loose = region as unknown as Loose;
const call = (name: string, ...args: unknown[]): unknown => loose[name]?.(...args);

const WRONG_NUMBERS = [...NOT_NUMBERS, ...BAD_NUMBERS, SIZE + BASE_PAGE, 2 ** 47];

/** Each method that takes an offset and a length, with what comes before them. */
const RANGES: [name: string, ...before: unknown[]][] = [
  ['buffer'],
  ['sharedBuffer'],
  ['bytes'],
  ['view', Uint8Array],
  ['protect', 'read'],
  ['advise', 'random'],
  ['lock'],
  ['unlock'],
  ['residency'],
  ['discard'],
  ['refillSync'],
  ['reserve'],
];

describe('wrong arguments of a region', () => {
  it.each(RANGES)('%s: offset and length', (name, ...before) => {
    for (const value of WRONG_NUMBERS) {
      expectArgumentError(errorOf(() => call(name, ...before, value)), value);
      expectArgumentError(errorOf(() => call(name, ...before, 0, value)), value);
    }
  });

  it.each([
    ['offset', WRONG_NUMBERS],
    ['length', WRONG_NUMBERS],
    ['threads', [...NOT_NUMBERS, ...BAD_NUMBERS, 0, 1025]],
    ['nodes', NOT_ARRAYS],
    ['signal', NOT_NUMBERS],
    ['onProgress', NOT_NUMBERS.filter((value) => typeof value !== 'function')],
  ])('prefault: %s', async (name, values) => {
    for (const value of values) expectArgumentError(await rejectionOf(call('prefault', { [name]: value }) as Promise<unknown>), value);
  });

  it('prefault: its options', async () => {
    for (const value of [...NOT_NUMBERS.filter(isNoObject), 1, { ofset: 0 }, { background: true }]) {
      expectArgumentError(await rejectionOf(call('prefault', value) as Promise<unknown>), value);
    }
  });

  it('zero: its arguments', async () => {
    const zero = (...args: unknown[]): Promise<unknown> => rejectionOf(call('zero', ...args) as Promise<unknown>);
    for (const value of WRONG_NUMBERS) {
      expectArgumentError(await zero(value), value);
      expectArgumentError(await zero(0, value), value);
    }
    for (const value of [...NOT_NUMBERS, ...BAD_NUMBERS, 0, 1025]) expectArgumentError(await zero(0, 0, { threads: value }), value);
    for (const value of NOT_NUMBERS) expectArgumentError(await zero(0, 0, { signal: value }), value);
    for (const value of [...NOT_NUMBERS.filter(isNoObject), 1, { thread: 1 }]) expectArgumentError(await zero(0, 0, value), value);
  });

  it.each(['load', 'store'])('%s: its arguments', async (name) => {
    const refused = async (value: unknown, ...args: unknown[]): Promise<void> => {
      expectArgumentError(await rejectionOf(call(name, ...args) as Promise<unknown>), value);
    };
    // A store that was not refused would make files.
    const FILE = '/proc/self/no/such/file';
    const noFiles = NOT_NUMBERS.filter((value) => typeof value !== 'string' || value === '');
    for (const value of [...noFiles, ...BAD_NUMBERS, undefined, 2 ** 31, 'a\0b', { fd: -1 }, { fd: '1' }]) await refused(value, value);
    for (const key of ['offset', 'length'] as const) for (const value of WRONG_NUMBERS) await refused(value, FILE, { [key]: value });
    for (const value of [...NOT_NUMBERS, ...BAD_NUMBERS, 2 ** 47]) await refused(value, FILE, { position: value });
    for (const value of [...NOT_NUMBERS, ...BAD_NUMBERS, 0, 1025]) await refused(value, FILE, { threads: value });
    const notBoolean = NOT_NUMBERS.filter((value) => typeof value !== 'boolean');
    for (const value of [...notBoolean, 1, 'AUTO']) await refused(value, FILE, { direct: value });
    for (const value of NOT_NUMBERS) await refused(value, FILE, { signal: value });
    for (const value of [...NOT_NUMBERS, 1, 'a', 'r']) await refused(value, FILE, { flag: value });
    for (const value of [...NOT_NUMBERS.filter(isNoObject), 1, { ofset: 0 }]) await refused(value, FILE, value);
    await refused('a flag of an open file', 1, { flag: 'w' });
  });

  it('refill: its arguments', async () => {
    const refill = (...args: unknown[]): Promise<unknown> => rejectionOf(call('refill', ...args) as Promise<unknown>);
    for (const value of WRONG_NUMBERS) {
      expectArgumentError(await refill(value), value);
      expectArgumentError(await refill(0, value), value);
    }
    for (const value of [...NOT_NUMBERS.filter(isNoObject), 1, { offset: 0 }, { background: true }]) {
      expectArgumentError(await refill(0, 0, value), value);
    }
  });

  it('refillSync: its options', () => {
    const { signal } = new AbortController();
    for (const value of [...NOT_NUMBERS.filter(isNoObject), 1, { signal }, { onProgress: () => 1 }, { background: true }]) {
      expectArgumentError(errorOf(() => call('refillSync', 0, 0, value)), value);
    }
  });

  it('discard: no part, and its options', () => {
    for (const args of [[], [0], [undefined, BASE_PAGE], [1, 0], [0, 1], [BASE_PAGE, SIZE]]) {
      expectArgumentError(errorOf(() => call('discard', ...args)), args);
    }
    const rounds = [...NOT_NUMBERS, 'outward', 'Inward', 'nearest', ['inward']].map((round) => ({ round }));
    const keeps = [...NOT_BOOLEANS].map((keepReservation) => ({ keepReservation }));
    for (const value of [...NOT_NUMBERS.filter(isNoObject), 1, { keep: true }, ...rounds, ...keeps]) {
      expectArgumentError(errorOf(() => call('discard', 0, 0, value)), value);
    }
  });

  it.each(['protect', 'advise'])('%s: its mode', (name) => {
    for (const value of [...NOT_NUMBERS, undefined, 1, 'READ', 'write', 'exec', 'toString', '__proto__', ['read']]) {
      expectArgumentError(errorOf(() => call(name, value)), value);
    }
  });

  it('resize: its size', () => {
    const wrong = [...NONSENSE, ...BAD_NUMBERS, undefined, 0, 2 ** 48, 0n, -1n, '', '0', 'x', '1 page', true, [4096]];
    for (const value of wrong) expectArgumentError(errorOf(() => call('resize', value)), value);
  });

  it('move: its options', () => {
    const wrong = [{ align: 1 }, { alignment: 3 }, { alignment: null }, { addressHint: 4096 }, { addressHint: -1n }];
    for (const value of [...NOT_NUMBERS.filter(isNoObject), 1, ...wrong]) expectArgumentError(errorOf(() => call('move', value)), value);
  });

  it('seal: its names', () => {
    for (const value of [...NOT_NUMBERS, undefined, 1, 'SHRINK', '', 'toString', ['grow']]) {
      expectArgumentError(errorOf(() => call('seal', value)), value);
    }
  });

  it('view: its type', () => {
    const impostors = [Map, () => 1, { BYTES_PER_ELEMENT: 1 }, Object.assign(() => 1, { BYTES_PER_ELEMENT: 1 }), new Uint8Array(1)];
    for (const value of [...NONSENSE, ...impostors, undefined, 1, 'Uint8Array']) {
      expectArgumentError(errorOf(() => call('view', value)), value);
    }
  });

  it('view: an element size that is a lie reaches no memory outside the region', () => {
    for (const BYTES_PER_ELEMENT of [0, -1, 0.5, NaN, Infinity, 2 ** 40, '8', null]) {
      class Liar extends Uint8Array {
        static override readonly BYTES_PER_ELEMENT = BYTES_PER_ELEMENT as number;
      }
      const outcome = ((): unknown => {
        try {
          return region.view(Liar);
        } catch (error) {
          return error;
        }
      })();
      if (outcome instanceof Liar) expect(outcome.byteOffset + outcome.byteLength).toBeLessThanOrEqual(SIZE);
      else expect(outcome).toMatchObject({ name: expect.stringMatching(/^(Type|Range)Error$/) as string });
    }
  });

  it('changed nothing', () => {
    expect(mappingsOf(region.address, SIZE)).toEqual(mapped);
    expect(region.bytes().equals(Buffer.alloc(SIZE, 0x5a))).toBe(true);
    expect(region.disposed).toBe(false);
  });
});

const RECEIVERS: readonly unknown[] = [
  ...[undefined, null, 1, 'region', Symbol('region'), {}, [], () => 1],
  ...[new Proxy(region, {}), Object.create(Region.prototype) as unknown, Region.prototype, Region],
];
type Method = (this: unknown, ...args: unknown[]) => unknown;

describe('wrong receivers', () => {
  const members = Reflect.ownKeys(Region.prototype).filter((name) => name !== 'constructor');

  it.each(members)('%s', async (name) => {
    const { value, get } = Object.getOwnPropertyDescriptor(Region.prototype, name) as { value?: Method; get?: Method };
    const member = value ?? get;
    for (const receiver of RECEIVERS) {
      const outcome = await rejectionOf((async () => await member?.call(receiver, 0, 0))());
      expect(outcome).toBeInstanceOf(TypeError);
      expect(outcome, `on ${typeof receiver}`).toMatchObject({ code: 'ERR_INVALID_THIS' });
    }
  });

  it('did not dispose a region behind a Proxy', () => {
    expect(region.disposed).toBe(false);
  });
});

describe('constructing a Region', () => {
  it('is refused, however it is tried', () => {
    const Constructor = Region as unknown as new (...args: unknown[]) => Region;
    class Derived extends Constructor {}
    const illegal = { name: 'TypeError', code: 'ERR_ILLEGAL_CONSTRUCTOR' };
    for (const args of [[], [Symbol('internal'), { handle: 1 }], [undefined, { handle: 1 }]]) {
      expect(errorOf(() => new Constructor(...args))).toMatchObject(illegal);
      expect(errorOf(() => new Derived(...args))).toMatchObject(illegal);
      expect(errorOf(() => Reflect.construct(Constructor, args, Array))).toMatchObject(illegal);
    }
  });
});
