/** Checks of arguments: each returns the value it was given, typed, or throws a coded TypeError or RangeError. */
import { invalidArgType, invalidArgValue, outOfRange } from './errors.js';

/**
 * An object whose own keys are all in `known`: a misspelt option is an error, not a default.
 *
 * @param noun - what a key is, for the message
 */
export function checkOptions<K extends string>(
  value: unknown,
  name: string,
  known: readonly K[],
  noun: 'Option' | 'Field' = 'Option',
): Partial<Record<K, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidArgType(name, 'an object', value);
  for (const key of Object.keys(value)) {
    if (!(known as readonly string[]).includes(key)) {
      const expected = `is no ${noun.toLowerCase()} here. ${noun}s are ${known.join(', ')}`;
      throw invalidArgValue(`${name}.${key}`, expected, Reflect.get(value, key));
    }
  }
  return value;
}

export function checkBoolean(value: unknown, name: string, byDefault: boolean): boolean {
  if (value === undefined) return byDefault;
  if (typeof value !== 'boolean') throw invalidArgType(name, 'of type boolean', value);
  return value;
}

export function checkInteger(value: unknown, name: string, min: number, max: number): number {
  if (typeof value !== 'number') throw invalidArgType(name, 'of type number', value);
  if (!Number.isInteger(value) || value < min || value > max) {
    const end = max === Number.MAX_SAFE_INTEGER ? '' : ` and <= ${String(max)}`;
    throw outOfRange(name, `an integer >= ${String(min)}${end}`, value);
  }
  return value;
}

/** Milliseconds, also parts of them. Infinity when left out. */
export function checkTimeout(value: unknown, name: string): number {
  if (value === undefined) return Infinity;
  if (typeof value !== 'number') throw invalidArgType(name, 'of type number', value);
  if (!(value >= 0)) throw outOfRange(name, '>= 0', value);
  return value;
}

export function checkOneOf<T extends string>(value: unknown, name: string, allowed: readonly T[]): T {
  if (typeof value !== 'string') throw invalidArgType(name, `one of '${allowed.join("', '")}'`, value);
  if (!(allowed as readonly string[]).includes(value)) throw invalidArgValue(name, `must be one of '${allowed.join("', '")}'`, value);
  return value as T;
}

export function checkFunction(value: unknown, name: string): (...args: never[]) => unknown {
  if (typeof value !== 'function') throw invalidArgType(name, 'of type function', value);
  return value as (...args: never[]) => unknown;
}

export function checkSignal(value: unknown, name: string): AbortSignal | undefined {
  if (value !== undefined && !(value instanceof AbortSignal)) throw invalidArgType(name, 'an AbortSignal', value);
  return value;
}

/** The kernel's largest number of NUMA nodes. */
const MAX_LIST_LENGTH = 1024;

export function checkArray(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalidArgType(name, 'an array', value);
  // No list here is longer, and an empty one of 2^32 - 1 elements takes no memory before it is copied.
  if (value.length > MAX_LIST_LENGTH) throw outOfRange(`${name}.length`, `<= ${String(MAX_LIST_LENGTH)}`, value.length);
  // A copy without holes: map() would skip those.
  return Array.from(value as unknown[]);
}

/** A part of something `total` bytes long. */
export interface Part {
  offset: number;
  length: number;
}

/**
 * An offset and a length in whole `unit`s, inside `total` bytes. Left out, they mean the start and the rest.
 *
 * @param names - of the two arguments, for the messages
 */
export function checkPart(offset: unknown, length: unknown, total: number, unit: number, names: [string, string]): Part {
  const start = offset === undefined ? 0 : checkInteger(offset, names[0], 0, total);
  const size = length === undefined ? total - start : checkInteger(length, names[1], 0, total - start);
  if (start % unit !== 0) throw outOfRange(names[0], `a multiple of ${String(unit)}`, offset);
  if (size % unit !== 0) throw outOfRange(names[1], `a multiple of ${String(unit)}`, length);
  return { offset: start, length: size };
}
