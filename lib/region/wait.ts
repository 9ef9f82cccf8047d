/** Running the addon's futex: as a promise with abort and timeout, or at once. */
import { HugePagesError, abortError, errnoName } from '../errors.js';
import { native } from '../native.js';
import { WAIT_OUTCOMES } from '../native/futex.js';
import { isSystemCallError } from './failures.js';
import type { Hold } from './hold.js';
import { disposedError } from './job.js';
import type { WaitResult } from './types.js';

/** Bytes from the start of the region, and what the word there has to hold. */
export interface Word {
  start: number;
  expected: number;
}

/** So many results in a row may be known at once: then the event loop gets a turn. */
const MOST_AT_ONCE = 64;
let atOnce = 0;

/** Waits off the event loop. `milliseconds` may be Infinity. @returns without a promise what is known at once */
export function wait(hold: Hold, word: Word, milliseconds: number, signal: AbortSignal | undefined): WaitResult | Promise<WaitResult> {
  if (signal?.aborted === true) throw abortError(signal);
  const timeout = toNanoseconds(milliseconds);
  const known = resultOf(onWord(word, () => native.tryWait(hold.handle, word.start, word.expected, timeout)));
  if (known === undefined) return sleep(hold, word, timeout, signal);
  return ++atOnce % MOST_AT_ONCE === 0 ? new Promise((resolve) => setImmediate(resolve, known)) : known;
}

async function sleep(hold: Hold, word: Word, timeout: number, signal: AbortSignal | undefined): Promise<WaitResult> {
  let stop: (() => void) | undefined;
  const outcome = await new Promise<number>((resolve, reject) => {
    const job = onWord(word, () =>
      native.wait(hold.handle, word.start, word.expected, timeout, (error, number) => {
        if (error === undefined) resolve(number);
        else reject(wordError(word, error));
      }),
    );
    if (signal === undefined) return;
    stop = () => { native.cancel(job); };
    signal.addEventListener('abort', stop, { once: true });
  });
  if (stop !== undefined) signal?.removeEventListener('abort', stop);
  const result = resultOf(outcome);
  if (result !== undefined) return result;
  if (hold.disposed || signal === undefined) throw disposedError('The region was disposed while a word of it was waited for');
  throw abortError(signal);
}

/** Waits on the calling thread. */
export function waitSync({ handle }: Hold, word: Word, milliseconds: number): WaitResult {
  // Cancelled: the thread ends, and nobody gets to see this.
  return resultOf(onWord(word, () => native.waitSync(handle, word.start, word.expected, toNanoseconds(milliseconds)))) ?? 'timed-out';
}

/** Undefined for a wait that was cancelled, or has not ended. */
function resultOf(outcome: number): WaitResult | undefined {
  const result = WAIT_OUTCOMES[outcome];
  return result === 'cancelled' ? undefined : result;
}

/** @returns how many were woken */
export function notify({ handle }: Hold, start: number, count: number): number {
  return onWord({ start }, () => native.notify(handle, start, count));
}

/** -1 for ever, as the addon takes it. */
export function toNanoseconds(milliseconds: number): number {
  const nanoseconds = Math.round(milliseconds * 1e6);
  return nanoseconds > Number.MAX_SAFE_INTEGER ? -1 : nanoseconds; // 104 days are for ever
}

function onWord<T>(word: Pick<Word, 'start'>, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw wordError(word, error);
  }
}

/** The kernel answers EFAULT for a word where a load would be SIGBUS or SIGSEGV. */
function wordError({ start }: Pick<Word, 'start'>, error: unknown): Error {
  if (!isSystemCallError(error)) return error as Error; // a wrong argument
  const { errno, syscall } = error;
  const fault = errnoName(errno) === 'EFAULT';
  const code = fault ? 'ERR_HUGEPAGES_POPULATE' : 'ERR_HUGEPAGES_SYSTEM';
  const remedy = fault
    ? "No page could be had: the pool is empty and the range has no reservation, or its protection is 'none'"
    : 'Too many waits at a time, or too many threads: wait for less, or for one word after another';
  const what = `Cannot ${syscall === 'futex(FUTEX_WAKE)' ? 'notify' : 'wait on'} the word at ${String(start)}`;
  return new HugePagesError(code, what, { errno, syscall, details: { offset: start }, remedy, cause: error });
}
