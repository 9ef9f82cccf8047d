/** The accesses of native/core/access.h in JavaScript, over a typed array, on the calling thread. */
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { Pattern } from '../native/measure.js';
import { LINE, followChase } from './chase.js';
import { Draw, shareOf } from './draw.js';
import { PROBE, SEED, timingOf } from './sample.js';
import type { Timing } from './sample.js';
import type { Session } from './session.js';
import { median } from './statistics.js';

/** Does so many more accesses. */
export type Accessor = (count: number) => void;

const LINE_WORDS = LINE / Uint32Array.BYTES_PER_ELEMENT;

/** What was read: kept, so that no compiler finds the reads to be useless. */
let kept = 0;

/**
 * Accesses to the lines of an array: to one after the other of `read` and `write`, to random ones of the others; a chase follows the cycle
 * that was laid.
 */
export function accessor(words: Uint32Array, pattern: keyof typeof Pattern): Accessor {
  const lines = Math.floor(words.length / LINE_WORDS);
  const random = new Draw(SEED);
  switch (pattern) {
    case 'read':
      return inOrder(lines, (from, to) => {
        let sum = kept;
        for (let index = from; index < to; index++) sum = (sum + (words[index] ?? 0)) | 0;
        kept = sum;
      });
    case 'write':
      return inOrder(lines, (from, to) => {
        for (let index = from; index < to; index++) words[index] = 0;
      });
    case 'gather':
      return (count) => {
        let sum = kept;
        for (; count > 0; count--) sum = (sum + (words[random.below(lines) * LINE_WORDS] ?? 0)) | 0;
        kept = sum;
      };
    case 'scatter':
      return (count) => {
        for (; count > 0; count--) words[random.below(lines) * LINE_WORDS] = 0;
      };
    case 'wander':
      return (count) => {
        let word = 0;
        for (; count > 0; count--) word = words[shareOf((random.next() + word) >>> 0, lines) * LINE_WORDS] ?? 0;
        kept = word;
      };
    case 'chase': {
      let at = 0;
      return (count) => {
        at = followChase(words, count, at);
      };
    }
  }
}

/** All words of as many lines, from the first one again after the last. */
function inOrder(lines: number, through: (from: number, to: number) => void): Accessor {
  let line = 0;
  return (count) => {
    for (let left = count; left > 0; ) {
      const now = Math.min(left, lines - line);
      through(line * LINE_WORDS, (line + now) * LINE_WORDS);
      line = (line + now) % lines;
      left -= now;
    }
  };
}

/** {@link calibrate} of accesses in JavaScript, which may take many times as long. */
export async function calibrateInJavaScript(access: Accessor, lines: number): Promise<Timing> {
  access(PROBE.block); // compiled by then
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
