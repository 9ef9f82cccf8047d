/**
 * Hostile arguments, as recipes: plain data that fast-check can generate, shrink and print. {@link cook} makes the value when it is
 * needed, because some values can be used only once and others have to know the region under attack.
 */
import fc from 'fast-check';

/** What a hostile value throws when it is looked at. It may come out of any call: it is the caller's own. */
export class Thrown extends Error {}

const explode = () => {
  throw new Thrown('looked at');
};

const detached = () => {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
};

const trapped = (target) => new Proxy(target, { get: explode, has: explode, ownKeys: explode, getPrototypeOf: explode });

const withGetters = (names, get) => Object.defineProperties({}, Object.fromEntries(names.map((name) => [name, { get, enumerable: true }])));

/** `context` is what the program that calls passes to {@link cook}. */
const VALUES = {
  NaN: () => NaN,
  Infinity: () => Infinity,
  '-Infinity': () => -Infinity,
  '-0': () => -0,
  '-1': () => -1,
  0: () => 0,
  1: () => 1,
  0.5: () => 0.5,
  1.5: () => 1.5,
  4095: () => 4095,
  4096: () => 4096,
  4096.5: () => 4096.5,
  '2 MiB': () => 2 ** 21,
  '2^31': () => 2 ** 31,
  '2^32': () => 2 ** 32,
  '2^32 - 1': () => 2 ** 32 - 1,
  '2^47': () => 2 ** 47,
  '2^53': () => 2 ** 53,
  '-2^53': () => -(2 ** 53),
  '1e308': () => 1e308,
  '0n': () => 0n,
  '4096n': () => 4096n,
  '-1n': () => -1n,
  '2n^64n': () => 2n ** 64n,
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  false: () => false,
  'empty string': () => '',
  'a size': () => '2MiB',
  'a wrong size': () => '-1 MiB',
  'a long string': () => 'x'.repeat(1e6),
  'a lone surrogate': () => '\ud800',
  'the name of a prototype': () => '__proto__',
  hugetlb: () => 'hugetlb',
  'a symbol': () => Symbol('x'),
  'a function': () => () => 1,
  'an object': () => ({}),
  'an object without prototype': () => Object.create(null),
  'a date': () => new Date(NaN),
  'a map': () => new Map([[1, 2]]),
  'a promise': () => Promise.resolve(1),
  'a typed array': () => new Uint8Array(8),
  'a detached buffer': detached,
  'a view of a detached buffer': () => {
    const view = new Uint8Array(8);
    structuredClone(view.buffer, { transfer: [view.buffer] });
    return view;
  },
  'a shared buffer': () => new SharedArrayBuffer(8),
  'an aborted signal': () => AbortSignal.abort(new Thrown('aborted')),
  'a signal': () => new AbortController().signal,
  'an array': () => [0],
  'an empty array': () => [],
  'a sparse array': () => new Array(5),
  'an endless sparse array': () => new Array(2 ** 32 - 1),
  'an array with a getter': () => Object.defineProperty([0], 0, { get: explode }),
  'an object with getters': () => withGetters(['size', 'root', 'mode', 'type', 'pageSize', 'offset'], explode),
  'an object that converts': () => ({ valueOf: () => 4096, toString: () => '4096', [Symbol.toPrimitive]: () => 4096 }),
  'an object that does not convert': () => ({ valueOf: explode, toString: explode, [Symbol.toPrimitive]: explode }),
  'an object that does not print': () => ({ [Symbol.for('nodejs.util.inspect.custom')]: explode }),
  'a trapped object': () => trapped({}),
  'a trapped array': () => trapped([0]),
  'an object that disposes': (context) => withGetters(['size', 'mode', 'offset', 'length'], () => context.dispose()),
  'an array that disposes': (context) => Object.defineProperty([0], 0, { get: () => (context.dispose(), 0) }),
  'the region': (context) => context.region,
  'a disposed region': (context) => context.disposed,
  'a buffer of a region': (context) => context.other.buffer(),
  'a token': (context) => context.other.share(),
};

const ANYTHING = { withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withSparseArray: true };

/** One hostile value. */
export const hostile = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...Object.keys(VALUES)).map((recipe) => ({ recipe })) },
  { weight: 1, arbitrary: fc.anything(ANYTHING).map((value) => ({ value })) },
);

/** Mostly the right value, so that the others are looked at as well. */
export const mostly = (...values) =>
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...values).map((value) => ({ value })) }, { weight: 1, arbitrary: hostile });

/** Mostly a value that is made on the spot; the name is for the printed recipe. */
export const mostlyMade = (name, make) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant({ name, make }) }, { weight: 1, arbitrary: hostile });

/** An object with some of these properties, rarely with another, or something that is no such object at all. */
export const options = (properties) => {
  const object = fc.record(properties, { requiredKeys: [] }).map((entries) => ({ entries }));
  const misspelt = fc.tuple(fc.string(), hostile).map(([name, value]) => ({ entries: { [name]: value } }));
  return fc.oneof({ weight: 8, arbitrary: object }, { weight: 1, arbitrary: misspelt }, { weight: 2, arbitrary: hostile });
};

/** A short array of these, or something that is no array. */
export const list = (item) =>
  fc.oneof({ weight: 3, arbitrary: fc.array(item, { maxLength: 3 }).map((items) => ({ items })) }, { weight: 1, arbitrary: hostile });

/** Any arguments, for functions that nobody described. */
export const anyArguments = fc.array(hostile, { maxLength: 5 });

export function cook(recipe, context) {
  if ('recipe' in recipe) return VALUES[recipe.recipe](context);
  if ('make' in recipe) return recipe.make(context);
  if ('items' in recipe) return recipe.items.map((item) => cook(item, context));
  if ('entries' in recipe) return Object.fromEntries(Object.entries(recipe.entries).map(([name, value]) => [name, cook(value, context)]));
  return recipe.value;
}
