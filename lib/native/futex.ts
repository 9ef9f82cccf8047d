/** Waiting on a word of a region. */

/** How a wait ended, by the addon's numbers. */
export const WAIT_OUTCOMES = ['ok', 'not-equal', 'timed-out', 'cancelled'] as const;

export interface FutexFunctions {
  /**
   * Waits on the 32-bit word at `offset`, a multiple of 4. `timeout` is in nanoseconds, -1 for none.
   * @returns a job for {@link JobFunctions.cancel}, and `onDone` gets an error or the number of an outcome; or, if that is known at once,
   *   its number with all bits inverted: a negative one
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
