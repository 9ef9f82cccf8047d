/** Sizes: bytes as people write them, in powers of 1024 as everywhere in the kernel. */
import { invalidArgType, invalidArgValue, outOfRange } from './errors.js';

/**
 * A number of bytes: a number, a bigint, or a string such as `'2MiB'`, `'1GiB'`, `'64M'`, `'4kB'`.
 * Units are powers of 1024, with or without `i` and `B`, in any case, as the kernel reads them.
 */
export type Size = number | bigint | string;

export const KiB = 1024;
export const MiB = 1024 * KiB;
export const GiB = 1024 * MiB;

/** The end of the user half of a 4-level x86-64 address space: nothing larger can be mapped. */
export const MAX_BYTES = 2 ** 47;

const UNITS = ['', 'K', 'M', 'G', 'T', 'P', 'E'] as const;
const PATTERN = /^(\d+(?:\.\d+)?)\s*([kmgtpe]?)(?:i?b)?$/i;

/**
 * Reads a {@link Size}.
 *
 * @param value - what the caller gave
 * @param name - the argument's name, for the message
 * @param min - the smallest size allowed, in bytes
 * @param max - the largest size allowed, in bytes
 * @returns whole bytes
 * @throws TypeError `ERR_INVALID_ARG_TYPE` for what is no number, bigint or string, `ERR_INVALID_ARG_VALUE` for a string that is no
 *   size, RangeError `ERR_OUT_OF_RANGE` for NaN, fractions of a byte and sizes outside `min` to `max`
 */
export function parseSize(value: unknown, name = 'size', min = 1, max = MAX_BYTES): number {
  const bytes = toBytes(value, name);
  if (!Number.isInteger(bytes) || bytes < min || bytes > max) {
    throw outOfRange(name, `a whole number of bytes >= ${String(min)} and <= ${String(max)}`, value);
  }
  return bytes;
}

function toBytes(value: unknown, name: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') throw invalidArgType(name, "a number of bytes, a bigint, or a string such as '2MiB'", value);
  const match = PATTERN.exec(value.trim());
  if (match?.[1] === undefined) throw invalidArgValue(name, "must be a size such as 4096, '2MiB', '64M' or '1GiB'", value);
  const power = UNITS.indexOf((match[2] ?? '').toUpperCase() as (typeof UNITS)[number]);
  return Number(match[1]) * KiB ** power;
}

/** `2097152` → `2MiB`; at most two decimals, and always readable by {@link parseSize} when exact. */
export function formatSize(bytes: number): string {
  let power = 0;
  while (Math.abs(bytes) >= KiB ** (power + 1) && power < UNITS.length - 1) power++;
  return inUnit(bytes, power);
}

/** `1075838976` → `1026MiB`: without rounding, in the largest unit that needs at most two decimals. For what is to be added up. */
export function formatExactSize(bytes: number): string {
  const powers = UNITS.map((_, power) => power).reverse();
  return inUnit(bytes, powers.find((power) => Math.abs(bytes) >= KiB ** power && Number.isInteger((bytes / KiB ** power) * 100)) ?? 0);
}

function inUnit(bytes: number, power: number): string {
  const unit = UNITS[power] ?? '';
  return `${String(Math.round((bytes / KiB ** power) * 100) / 100)}${unit === '' ? 'B' : `${unit}iB`}`;
}

/** `1 page`, `2 pages` */
export function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
