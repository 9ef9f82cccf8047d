/** Memory that threads and processes wait on: a 32-bit word, and somebody who changes it and says so. */
import { checkInteger, checkOptions, checkSignal, checkTimeout } from '../arguments.js';
import { outOfRange } from '../errors.js';
import { BulkMemory } from './bulk.js';
import { live } from './held.js';
import type { Hold } from './hold.js';
import type { WaitOptions, WaitResult } from './types.js';
import { notify, wait, waitSync } from './wait.js';

const WORD_BYTES = Int32Array.BYTES_PER_ELEMENT;
const MAX_COUNT = 2 ** 31 - 1;

/** The part of a Region that is about waiting: futex(2), across threads and, where the memory is shared, processes. */
export abstract class WaitableMemory extends BulkMemory {
  /**
   * Waits, off the event loop, while the 32-bit word at `offset` holds `expected`, until {@link WaitableMemory.notify} in any thread or
   * process that has this memory.
   *
   * Change the word, then notify, as with every futex: a notify that comes before the waiter has gone to sleep wakes nobody, and the
   * changed word is what tells it. Look at the word again after `'ok'`.
   *
   * Each wait has a thread of its own while it lasts, at most 4,096 in a process, none of libuv's. While
   * answers come quickly, the next one is looked for on the spot, for 100 microseconds at most. A wait keeps the process alive. In a worker
   * {@link WaitableMemory.waitSync} is the quicker one: docs/sharing.md has figures.
   *
   * @param offset - bytes, a multiple of 4
   * @param expected - as in an Int32Array or a Uint32Array
   * @returns `'not-equal'` when the word held something else, `'timed-out'`, or `'ok'`: woken, or the word was seen to have changed
   * @throws TypeError, RangeError; AbortError (`ABORT_ERR`); HugePagesError `ERR_HUGEPAGES_DISPOSED` when the region is disposed
   *   meanwhile, `ERR_HUGEPAGES_POPULATE` where no page can be had for the word, `ERR_HUGEPAGES_SYSTEM`
   */
  async wait(offset: number, expected: number, options: WaitOptions = {}): Promise<WaitResult> {
    const { timeout, signal } = checkOptions(options, 'options', ['timeout', 'signal']);
    const milliseconds = checkTimeout(timeout, 'options.timeout');
    const abort = checkSignal(signal, 'options.signal');
    const hold = live(this); // after the getters of the options
    const word = checkWord(hold, offset, expected);
    return wait(hold, word, milliseconds, abort);
  }

  /**
   * The same on the calling thread, which it blocks, event loop and all: for workers, as `Atomics.wait`. `Worker.terminate()` ends it
   * within 50 milliseconds.
   *
   * @throws as {@link WaitableMemory.wait}, without AbortError
   */
  waitSync(offset: number, expected: number, options?: Omit<WaitOptions, 'signal'>): WaitResult {
    const given = options === undefined ? undefined : checkOptions(options, 'options', ['timeout']).timeout;
    const milliseconds = checkTimeout(given, 'options.timeout');
    const hold = live(this);
    return waitSync(hold, checkWord(hold, offset, expected), milliseconds);
  }

  /**
   * Wakes waiters of the word at `offset`, in whatever thread or process. Those of `Atomics.wait` are not among them: V8 keeps them in a
   * list of its own process.
   *
   * @param count - at most so many. Default: all
   * @returns how many were woken
   * @throws TypeError, RangeError; HugePagesError `ERR_HUGEPAGES_POPULATE`, `ERR_HUGEPAGES_SYSTEM`
   */
  notify(offset: number, count?: number): number {
    const hold = live(this);
    const { start } = checkWord(hold, offset, 0);
    const most = count === undefined || count === Infinity ? MAX_COUNT : checkInteger(count, 'count', 0, MAX_COUNT);
    return notify(hold, start, most);
  }
}

function checkWord({ facts }: Hold, offset: unknown, expected: unknown): { start: number; expected: number } {
  const start = checkInteger(offset, 'offset', 0, facts.byteLength - WORD_BYTES);
  if (start % WORD_BYTES !== 0) throw outOfRange('offset', `a multiple of ${String(WORD_BYTES)}`, offset);
  return { start, expected: checkInteger(expected, 'expected', -(2 ** 31), 2 ** 32 - 1) | 0 };
}
