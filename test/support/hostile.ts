/** Values that a caller should not pass, by what they are not, and the error that has to come of them. */
import { inspect } from 'node:util';
import { expect } from 'vitest';

/** None of these is a number, a bigint, a string, a boolean, an array or an object with known options. */
export const NONSENSE: readonly unknown[] = [
  null,
  Symbol('size'),
  () => 1,
  new Date(0),
  /x/,
  new Map(),
  new ArrayBuffer(8),
  new Uint8Array(8),
  new Proxy({}, {}),
  Object.assign(Object.create(null) as object, { a: 1 }),
  { valueOf: () => 4096, toString: () => '4096' },
  { [Symbol.toPrimitive]: () => 4096 },
  { [inspect.custom]: () => 'harmless' },
];

/** Not a boolean, and as odd as the others. */
export const NOT_BOOLEANS: readonly unknown[] = [...NONSENSE, 0, 1, NaN, '', 'true', 1n, []];

/** Neither an array nor undefined. */
export const NOT_ARRAYS: readonly unknown[] = [...NONSENSE, 0, 1, 'hugetlb', 1n, true, { length: 1, 0: 'base' }];

/** Numbers that are no size, count or offset of anything. */
export const BAD_NUMBERS: readonly number[] = [
  ...[NaN, Infinity, -Infinity, -1, -4096, 0.5, 4096.5],
  ...[2 ** 53, 2 ** 53 + 2, Number.MAX_VALUE, Number.MIN_VALUE],
];

/** Neither a number nor undefined. */
export const NOT_NUMBERS: readonly unknown[] = [...NONSENSE, '', '0', '4096', 'x', 0n, 4096n, true, false, [], [0]];

/** Not even an object that could hold options: an odd object without known keys is as good as an empty one. */
export function isNoObject(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Array.isArray(value);
}

/** Checks that an error says, with a type and a code, that an argument was wrong. */
export function expectArgumentError(error: unknown, value: unknown): void {
  expect(error instanceof TypeError || error instanceof RangeError, `${show(value)}: ${String(error)}`).toBe(true);
  const code = expect.stringMatching(/^ERR_(INVALID_ARG_TYPE|INVALID_ARG_VALUE|OUT_OF_RANGE)$/) as string;
  expect(error, show(value)).toMatchObject({ code });
}

function show(value: unknown): string {
  return inspect(value, { depth: 1, customInspect: false, breakLength: Infinity });
}
