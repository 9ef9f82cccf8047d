/** Running the addon's jobs: as promises with abort and progress. */
import { HugePagesError, abortError } from '../errors.js';
import { native } from '../native.js';
import type { JobDone, JobOutcome, JobProgress } from '../native/jobs.js';
import { attempt } from './failures.js';

/** A job that can be started. */
export interface Job {
  /** What becomes of the region: `populated`. */
  readonly participle: string;
  /** Calls the addon. @returns what {@link Native.cancel} takes */
  readonly start: (onProgress: JobProgress, onDone: JobDone) => number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: JobProgress;
  /** What an AbortError tells of the bytes that were done. */
  readonly abortDetails: (bytes: number) => Readonly<Record<string, unknown>>;
  /** Asked when the job is over, to tell a dispose from an abort. */
  readonly isDisposed: () => boolean;
}

/**
 * Runs a job off the event loop.
 *
 * @returns how it ended, a failed system call included
 * @throws AbortError, what `onProgress` threw, or HugePagesError `ERR_HUGEPAGES_DISPOSED`, `ERR_HUGEPAGES_SYSTEM` without a thread
 */
export async function runJob({ participle, start, signal, onProgress, abortDetails, isDisposed }: Job): Promise<JobOutcome> {
  if (signal?.aborted === true) throw abortError(signal, abortDetails(0));
  let thrown: { error: unknown } | undefined;
  let job = 0;
  const stop = (): void => {
    native.cancel(job);
  };
  const report = (bytes: number, totalBytes: number): void => {
    if (thrown !== undefined) return;
    try {
      onProgress?.(bytes, totalBytes);
    } catch (error) {
      thrown = { error };
      stop();
    }
  };
  const outcome = await new Promise<JobOutcome>((resolve) => {
    job = attempt(`The region cannot be ${participle}`, () => start(onProgress === undefined ? undefined : report, resolve));
    signal?.addEventListener('abort', stop, { once: true });
  });
  signal?.removeEventListener('abort', stop);
  if (thrown !== undefined) throw thrown.error;
  // Even if the last byte was done first: what was promised is not there any more.
  if (isDisposed()) throw disposedError(`The region was disposed while it was being ${participle}`);
  if (outcome.cancelled && signal !== undefined) throw abortError(signal, abortDetails(outcome.bytes));
  return outcome;
}

export function disposedError(message = 'The region was disposed'): HugePagesError {
  return new HugePagesError('ERR_HUGEPAGES_DISPOSED', message, { remedy: 'Allocate a new one' });
}
