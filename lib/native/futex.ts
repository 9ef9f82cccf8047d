/** Waiting on a word of a region. */

/** How a wait ended, by the addon's numbers. */
export const WAIT_OUTCOMES = ['ok', 'not-equal', 'timed-out', 'cancelled'] as const;

export interface FutexFunctions {
  /**
   * What waiting on the 32-bit word at `offset`, a multiple of 4, comes to without going to sleep: for 100 microseconds at most, and only
   * right after an answer. `timeout` is in nanoseconds, -1 for none.
   * @returns the number of an outcome; -1 when it is not known
   */
  tryWait(handle: number, offset: number, expected: number, timeout: number): number;
  /**
   * Waits for a word that {@link FutexFunctions.tryWait} has seen to hold what is expected, on a thread of its own.
   * @returns a job for {@link JobFunctions.cancel}; `onDone` gets an error or the number of an outcome
   */
  wait(
    handle: number,
    offset: number,
    expected: number,
    timeout: number,
    onDone: (error: Error | undefined, outcome: number) => void,
  ): number;
  /** The same on the calling thread, which it blocks. Returns the number of an outcome; `cancelled` where no JavaScript runs any more. */
  waitSync(handle: number, offset: number, expected: number, timeout: number): number;
  /** @returns how many waiters were woken, of all processes */
  notify(handle: number, offset: number, count: number): number;
}
