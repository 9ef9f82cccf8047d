/** Running the addon's populate engine: in the background, or at once. */
import { native } from '../native.js';
import type { JobOutcome } from '../native/jobs.js';
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
export function populateSync(task: PopulateTask): JobOutcome {
  const { handle, target, offset, length, plan } = task;
  const outcome = native.populateSync(handle, offset, length, plan.threads, plan.cpus, target.backing === 'thp');
  return finish(task, outcome);
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
  return finish(task, outcome);
}

function finish({ handle, target, offset, length }: PopulateTask, outcome: JobOutcome): JobOutcome {
  if (outcome.errno === 0) return outcome;
  // What was promised to the region when it was mapped is not promised to its holes.
  const { request } = target;
  const promised = request?.reserve === true && native.holes(handle, offset, length).length === 0;
  throw populateFailure({ ...target, request: request && { ...request, reserve: promised } }, length, outcome);
}

/** As users see it. */
export function toResult({ bytes, threads, nanoseconds }: JobOutcome): PrefaultResult {
  return { populatedBytes: bytes, threads, milliseconds: nanoseconds / 1e6 };
}
