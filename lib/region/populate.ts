/** Running the addon's populate engine: in the background, or at once. */
import { native } from '../native.js';
import type { JobOutcome } from '../native.js';
import type { PrefaultPlan } from './prefault-options.js';
import { populateFailure } from './failures.js';
import type { Target } from './failures.js';
import { runJob } from './job.js';
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
export function populateSync({ handle, target, offset, length, plan }: PopulateTask): JobOutcome {
  const outcome = native.populateSync(handle, offset, length, plan.threads, plan.cpus, target.backing === 'thp');
  return finish(target, length, outcome);
}

/**
 * Populates off the event loop.
 *
 * @param isDisposed - asked when the engine is done, to tell a dispose from an abort
 * @returns rejects with an AbortError, with what `onProgress` threw, or with a HugePagesError
 */
export async function populate(task: PopulateTask, isDisposed: () => boolean): Promise<JobOutcome> {
  const { handle, target, offset, length, plan } = task;
  const { signal, onProgress } = plan;
  const collapse = target.backing === 'thp';
  const outcome = await runJob({
    participle: 'populated',
    start: (observe, done) => native.populate(handle, offset, length, plan.threads, plan.cpus, collapse, observe, done),
    signal,
    onProgress: onProgress && ((populatedBytes, totalBytes) => onProgress({ populatedBytes, totalBytes })),
    abortDetails: (populatedBytes) => ({ populatedBytes }),
    isDisposed,
  });
  return finish(target, length, outcome);
}

function finish(target: Target, length: number, outcome: JobOutcome): JobOutcome {
  if (outcome.errno !== 0) throw populateFailure(target, length, outcome);
  return outcome;
}

/** As users see it. */
export function toResult({ bytes, threads, nanoseconds }: JobOutcome): PrefaultResult {
  return { populatedBytes: bytes, threads, milliseconds: nanoseconds / 1e6 };
}
