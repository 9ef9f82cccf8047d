/** The accesses of native/core/access.h in JavaScript, over a typed array, on the calling thread. */
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { Pattern } from '../native/measure.js';
import { MAX_BUFFER_BYTES } from '../region/views.js';
import { formatSize } from '../units.js';
import { LINE, followChase } from './chase.js';
import { Draw } from './draw.js';
import { PROBE, SEED, timingOf } from './sample.js';
import type { Timing } from './sample.js';
import type { Session } from './session.js';
import { median } from './statistics.js';

/** Does so many more accesses. */
export type Accessor = (count: number) => void;

const LINE_WORDS = LINE / Uint32Array.BYTES_PER_ELEMENT;

/** Whether a typed array can be over so many bytes of a region; otherwise it is noted. */
export function isViewable(bytes: number, session: Session): boolean {
  if (bytes <= MAX_BUFFER_BYTES) return true;
  const most = `Node.js ${process.version} has no ArrayBuffer over more than ${formatSize(MAX_BUFFER_BYTES)} of a region`;
  session.note(`JavaScript on ${formatSize(bytes)}: not measured, ${most}`);
  return false;
}

/** What was read: kept, so that no compiler finds the reads to be useless. */
let kept = 0;

/**
 * Accesses to the lines of an array: to one after the other of `read` and `write`, to random ones of the others; a chase follows the cycle
 * that was laid.
 */
export function accessor(words: Uint32Array, pattern: keyof typeof Pattern): Accessor {
  const random = new Draw(SEED);
  let at = 0;
  const accessors: Record<typeof pattern, Accessor> = {
    read: inOrder(words, read),
    write: inOrder(words, write),
    gather: (count) => {
      kept = gather(words, random, count);
    },
    scatter: (count) => { scatter(words, random, count); },
    wander: (count) => {
      kept = wander(words, random, count);
    },
    chase: (count) => {
      at = followChase(words, count, at);
    },
  };
  return accessors[pattern];
}

/** All words of as many lines, from the first one again after the last. */
function inOrder(words: Uint32Array, through: (words: Uint32Array, from: number, to: number) => void): Accessor {
  const lines = Math.floor(words.length / LINE_WORDS);
  let line = 0;
  return (count) => {
    for (let left = count; left > 0; ) {
      const now = Math.min(left, lines - line);
      through(words, line * LINE_WORDS, (line + now) * LINE_WORDS);
      line = (line + now) % lines;
      left -= now;
    }
  };
}

// The loops are functions of their own: a compiler keeps what these are given in registers, and loads what a closure has at each turn.

function read(words: Uint32Array, from: number, to: number): void {
  let sum = kept;
  for (let index = from; index < to; index++) sum = (sum + (words[index] ?? 0)) | 0;
  kept = sum;
}

function write(words: Uint32Array, from: number, to: number): void {
  for (let index = from; index < to; index++) words[index] = 0;
}

function gather(words: Uint32Array, random: Draw, count: number): number {
  const scale = scaleOf(words);
  let sum = kept;
  for (let left = count; left > 0; left--) sum = (sum + (words[((random.next() * scale) >>> 0) * LINE_WORDS] ?? 0)) | 0;
  return sum;
}

function scatter(words: Uint32Array, random: Draw, count: number): void {
  const scale = scaleOf(words);
  for (let left = count; left > 0; left--) words[((random.next() * scale) >>> 0) * LINE_WORDS] = 0;
}

function wander(words: Uint32Array, random: Draw, count: number): number {
  const scale = scaleOf(words);
  let word = 0;
  for (let left = count; left > 0; left--) word = words[((((random.next() + word) >>> 0) * scale) >>> 0) * LINE_WORDS] ?? 0;
  return word;
}

/** What brings a number of 32 bits below the number of lines. */
function scaleOf(words: Uint32Array): number {
  return Math.floor(words.length / LINE_WORDS) / 2 ** 32;
}

/** Milliseconds, several times what V8 needs to find a loop hot and to compile it, which it does on a thread of its own. */
const COMPILING = 50;

/** {@link calibrate} of accesses in JavaScript, which may take many times as long, and until they are compiled. */
export async function calibrateInJavaScript(access: Accessor, lines: number): Promise<Timing> {
  for (const end = performance.now() + COMPILING; performance.now() < end; ) {
    await setImmediate();
    access(PROBE.block);
  }
  return timingOf(lines, await medianOf(access, PROBE));
}

/** One sample. @returns nanoseconds of an access */
export async function sampleInJavaScript(access: Accessor, timing: Timing, session: Session): Promise<number> {
  for (let left = timing.warmUp; left > 0; left -= timing.block) {
    await setImmediate();
    access(Math.min(left, timing.block));
  }
  session.tick();
  const nanoseconds = await medianOf(access, timing);
  session.tick();
  return nanoseconds;
}

/** Others have their turn between blocks. */
async function medianOf(access: Accessor, { block, blocks }: Timing): Promise<number> {
  const nanoseconds: number[] = [];
  for (let each = 0; each < blocks; each++) {
    await setImmediate();
    const begin = performance.now();
    access(block);
    nanoseconds.push(((performance.now() - begin) * 1e6) / block);
  }
  return median(nanoseconds);
}
