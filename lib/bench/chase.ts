/** A dependent chase in JavaScript: the cycle and the loop of the native one, over a typed array. */
import { checkInteger, checkOptions } from '../arguments.js';
import { invalidArgType, outOfRange } from '../errors.js';
import { Draw } from './draw.js';

/** Bytes of a cache line. */
export const LINE = 64;

/** Where the lines of a chase are. */
export interface ChaseOptions {
  /** Bytes from one line to the next, a power of two from 64. Default 4096: a line for each base page. */
  readonly stride?: number;
  /** Lines. Default: as many as fit. */
  readonly count?: number;
  /** Decides the order, 32 bits. Default 1. */
  readonly seed?: number;
}

/**
 * Where the line `index` of a chase is, in bytes.
 *
 * Not at the same place of every stride, where lines would share a few sets of each cache, and misses of the cache be taken for misses of
 * the TLB: the place is the line's number, folded, so that all sets get as many.
 */
export function lineOffset(index: number, stride: number): number {
  const bits = Math.log2(stride / LINE);
  let place = index;
  for (let rest = index >>> bits; bits > 0 && rest > 0; rest >>>= bits) place ^= rest;
  return index * stride + (place & (stride / LINE - 1)) * LINE;
}

/**
 * Lays a cycle through memory: the first word of each line holds the index of the word that is next, in random order, each line once.
 * Other words keep what they hold.
 *
 * @returns how many lines the cycle has
 * @throws TypeError, RangeError for an array that is too small for one line, or too large for its indices: 16 GiB
 */
export function layChase(words: Uint32Array, options: ChaseOptions = {}): number {
  checkWords(words);
  const { stride = 4096, count, seed = 1 } = checkOptions(options, 'options', ['stride', 'count', 'seed']);
  const step = checkInteger(stride, 'options.stride', LINE, 2 ** 34);
  if (!Number.isInteger(Math.log2(step))) throw outOfRange('options.stride', 'a power of two', stride);
  const room = Math.floor(words.byteLength / step);
  if (room === 0 || words.byteLength > 2 ** 34) throw outOfRange('words.byteLength', `>= ${String(step)} and <= 2^34`, words.byteLength);
  const lines = count === undefined ? room : checkInteger(count, 'options.count', 1, room);
  const random = new Draw(checkInteger(seed, 'options.seed', 0, 2 ** 32 - 1));
  const order = Uint32Array.from({ length: lines }, (_, index) => index);
  // Sattolo's shuffle: of all permutations those that are one cycle, each as likely as the others.
  for (let left = lines; left > 1; left--) swap(order, left - 1, random.below(left - 1));
  order.forEach((next, index) => (words[lineOffset(index, step) / 4] = lineOffset(next, step) / 4));
  return lines;
}

function swap(order: Uint32Array, one: number, other: number): void {
  [order[one], order[other]] = [order[other] ?? 0, order[one] ?? 0];
}

/**
 * Follows a cycle that {@link layChase} laid: loads of which each needs the one before, so that what is timed is the latency of memory,
 * caches and TLB.
 *
 * @param at - the word to begin at: 0, or what the last call returned
 * @returns the word it has come to
 */
export function followChase(words: Uint32Array, steps: number, at = 0): number {
  checkWords(words);
  let left = checkInteger(steps, 'steps', 0, Number.MAX_SAFE_INTEGER);
  let next = checkInteger(at, 'at', 0, 2 ** 32 - 1);
  for (; left > 0; left--) next = words[next] ?? 0;
  return next;
}

function checkWords(words: unknown): void {
  if (!(words instanceof Uint32Array)) throw invalidArgType('words', 'a Uint32Array', words);
}
