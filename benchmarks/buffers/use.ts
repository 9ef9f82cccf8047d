/** What is done with every kind of memory: it is made, filled, read at random places, and let go. */
import { performance } from 'node:perf_hooks';
import { timeRandomReads } from '../../lib/cli/demo/work.js';
import { collectGarbage } from '../support/buffer.js';
import type { Maker } from './kinds.js';

const RANDOM_READS = 1 << 18;

/** What a round of it took. */
export interface Used {
  /** Milliseconds from the call to memory of which each byte was written. */
  readonly filled: number;
  /** Nanoseconds each. */
  readonly read: number;
}

/** Begins and ends without the memory of others. */
export async function use(make: Maker, bytes: number): Promise<Used> {
  const used = await useOnce(make, bytes);
  await collectGarbage();
  return used;
}

/**
 * A function of its own: no variable holds the memory any more when it is collected.
 *
 * @param look - at what is held
 * @returns also when the memory was let go, by performance.now()
 */
export async function useOnce(make: Maker, bytes: number, look?: () => void): Promise<Used & { letGo: number }> {
  const start = performance.now();
  const { words, free } = await make(bytes);
  words.fill(0);
  const filled = performance.now() - start;
  const read = await timeRandomReads(words, RANDOM_READS, never);
  look?.();
  const letGo = performance.now();
  free?.();
  return { filled, read, letGo };
}

const never = new AbortController().signal;
