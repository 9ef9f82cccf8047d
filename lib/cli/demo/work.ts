/** The two kinds of work that the demo times: the same code for every kind of memory. */
import { performance } from 'node:perf_hooks';
import { MiB } from '../../units.js';
import { pause } from '../interrupt.js';

const FILL_CHUNK = 32 * MiB;
const READ_CHUNK = 1 << 17;

/** Fills all of the memory. @returns milliseconds, without the pauses in between */
export async function timeFill(memory: Buffer, value: number, signal: AbortSignal): Promise<number> {
  let milliseconds = 0;
  for (let offset = 0; offset < memory.length; offset += FILL_CHUNK) {
    await pause(signal);
    const start = performance.now();
    memory.fill(value, offset, Math.min(memory.length, offset + FILL_CHUNK));
    milliseconds += performance.now() - start;
  }
  return milliseconds;
}

/**
 * Reads words at random places, each place known only when the word before it has come.
 *
 * @param words - as many as a power of two, all zero
 * @returns nanoseconds per read, without the pauses in between
 */
export async function timeRandomReads(words: Int32Array, count: number, signal: AbortSignal): Promise<number> {
  let milliseconds = 0;
  let index = 0;
  for (let done = 0; done < count; done += READ_CHUNK) {
    await pause(signal);
    const start = performance.now();
    index = walk(words, index, READ_CHUNK);
    milliseconds += performance.now() - start;
  }
  return (milliseconds * 1e6) / count;
}

/** A linear congruential generator of full period, to which each word that was read is added: zero, but no processor knows. */
function walk(words: Int32Array, start: number, count: number): number {
  const mask = words.length - 1;
  let index = start;
  for (let step = 0; step < count; step++) {
    index = (Math.imul(index, 1664525) + 1013904223 + (words[index] ?? 0)) & mask;
  }
  return index;
}
