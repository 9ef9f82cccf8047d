/** Running the addon's populate engine: as a promise with abort and progress, or at once. */
import { HugePagesError, abortError } from '../errors.js';
import { native } from '../native.js';
import type { PopulateOutcome } from '../native.js';
import type { PrefaultPlan } from './prefault-options.js';
import { attempt, populateFailure } from './failures.js';
import type { Target } from './failures.js';
import type { PrefaultResult } from './types.js';

/** What is to be populated. */
export interface PopulateTask {
  handle: number;
  target: Target;
  offset: number;
  length: number;
  plan: PrefaultPlan;
}

/** Populates on the calling thread and helpers of its own. */
export function populateSync({ handle, target, offset, length, plan }: PopulateTask): PopulateOutcome {
  const outcome = native.populateSync(handle, offset, length, plan.threads, plan.cpus, target.backing === 'thp');
  return finish(target, length, outcome);
}

/**
 * Populates off the event loop.
 *
 * @param isDisposed - asked when the engine is done, to tell a dispose from an abort
 * @returns rejects with an AbortError, with what `onProgress` threw, or with a HugePagesError
 */
export async function populate(task: PopulateTask, isDisposed: () => boolean): Promise<PopulateOutcome> {
  const { handle, target, offset, length, plan } = task;
  const { signal, onProgress } = plan;
  if (signal?.aborted === true) throw abortError(signal, { populatedBytes: 0 });
  let thrown: { error: unknown } | undefined;
  let job = 0;
  const stop = (): void => {
    native.cancel(job);
  };
  const report = (populatedBytes: number): void => {
    if (thrown !== undefined) return;
    try {
      onProgress?.({ populatedBytes, totalBytes: length });
    } catch (error) {
      thrown = { error };
      stop();
    }
  };
  const outcome = await new Promise<PopulateOutcome>((resolve) => {
    const observe = onProgress === undefined ? undefined : report;
    const collapse = target.backing === 'thp';
    job = attempt('Cannot start to populate', () =>
      native.populate(handle, offset, length, plan.threads, plan.cpus, collapse, observe, resolve),
    );
    signal?.addEventListener('abort', stop, { once: true });
  });
  signal?.removeEventListener('abort', stop);
  if (thrown !== undefined) throw thrown.error;
  // Even if the last page was populated first: what was promised is not there any more.
  if (isDisposed()) throw disposedError('The region was disposed while it was being populated');
  if (outcome.cancelled && signal !== undefined) throw abortError(signal, { populatedBytes: outcome.populatedBytes });
  return finish(target, length, outcome);
}

function finish(target: Target, length: number, outcome: PopulateOutcome): PopulateOutcome {
  if (outcome.errno !== 0) throw populateFailure(target, length, outcome);
  return outcome;
}

/** As users see it. */
export function toResult({ populatedBytes, threads, nanoseconds }: PopulateOutcome): PrefaultResult {
  return { populatedBytes, threads, milliseconds: nanoseconds / 1e6 };
}

export function disposedError(message = 'The region was disposed'): HugePagesError {
  return new HugePagesError('ERR_HUGEPAGES_DISPOSED', message, { remedy: 'Allocate a new one' });
}
