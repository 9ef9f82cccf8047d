/** When what is watched is looked at again. */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from './command.js';
import { countValue } from './values.js';

const DAY_MS = 86_400_000;

/** `--interval` and `--count`, as they are given on the command line. */
export interface Rhythm {
  /** Milliseconds. */
  readonly interval: number;
  readonly count: number;
}

/** @throws UsageError, RangeError `ERR_OUT_OF_RANGE` */
export function parseRhythm(interval: string, count: string | undefined): Rhythm {
  return {
    interval: countValue(interval, '--interval', 10, DAY_MS),
    count: count === undefined ? Infinity : countValue(count, '--count', 1, Number.MAX_SAFE_INTEGER),
  };
}

/** The options of a command that looks again and again only when it is told to. */
interface WatchValues {
  readonly watch: boolean;
  readonly interval?: string | undefined;
  readonly count?: string | undefined;
}

/**
 * Undefined without `--watch`.
 *
 * @param usual - milliseconds
 * @throws UsageError, RangeError `ERR_OUT_OF_RANGE`
 */
export function watchRhythm({ watch, interval, count }: WatchValues, usual: string): Rhythm | undefined {
  if (watch) return parseRhythm(interval ?? usual, count);
  const [idle] = [interval !== undefined && '--interval', count !== undefined && '--count'].filter((name) => name !== false);
  if (idle !== undefined) throw new UsageError(`${idle} is of --watch, and goes with it alone`);
  return undefined;
}

/** What `read` returns, beat by beat. Ends after `count`, or when the signal aborts. */
export async function* repeat<T>(
  { interval, count }: Rhythm,
  signal: AbortSignal,
  read: () => T | Promise<T>,
): AsyncGenerator<T, void, undefined> {
  let due = performance.now();
  for (let made = 1; ; made++) {
    yield await read();
    if (made >= count) return;
    // What a reading takes does not add up, and what was missed while the process was stopped is not made up for.
    const now = performance.now();
    due = Math.max(due + interval, now);
    if (!(await sleep(due - now, signal))) return;
  }
}

/** @returns false when the signal aborted it */
async function sleep(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}
