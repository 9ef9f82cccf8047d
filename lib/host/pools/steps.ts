/** Work on the machine as a sequence of steps: run in one go where an exit handler needs it, else off the event loop. */
import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { abortError } from '../../errors.js';
import { native } from '../../native.js';
import { settingError } from '../setting.js';
import { underRoot } from '../text.js';
import type { RootOptions } from '../text.js';
import { teeUnder } from './numactl.js';
import { pauseSync } from './pool-lock.js';
import type { PoolLock } from './pool-lock.js';
import type { PoolPolicy, PoolWrite } from './types.js';

/** One thing that takes time. */
export type Step =
  | { readonly type: 'write'; readonly file: string; readonly value: string; readonly policy?: PoolPolicy | undefined }
  | { readonly type: 'wait'; readonly milliseconds: number }
  | { readonly type: 'lock'; readonly lock: PoolLock };

/** Yields steps, and is thrown into what becomes of a failed one. */
export type Steps<T> = Generator<Step, T, undefined>;

/** MPOL_* of include/uapi/linux/mempolicy.h. */
const MODES = { preferred: 1, bind: 2, interleave: 3 } as const;

/** @throws HugePagesError `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM`; or what an abort throws */
export function* writing({ path, value, policy }: PoolWrite, options: RootOptions): Steps<void> {
  const file = underRoot(path, options);
  try {
    yield { type: 'write', file, value, policy };
  } catch (error) {
    const isSystemError = error instanceof Error && 'errno' in error;
    throw isSystemError ? settingError(file, value, error, teeUnder(policy)) : error;
  }
}

/** Steps that no other program of this package takes on the same pool meanwhile. */
export function* alone<T>(lock: PoolLock, steps: Steps<T>): Steps<T> {
  try {
    yield { type: 'lock', lock };
    return yield* steps;
  } finally {
    lock.release();
  }
}

/** Runs all steps on the event loop. */
export function runSync<T>(steps: Steps<T>): T {
  let next = steps.next();
  while (next.done !== true) {
    try {
      doSync(next.value);
    } catch (error) {
      next = steps.throw(error);
      continue;
    }
    next = steps.next();
  }
  return next.value;
}

/** Runs the steps one after the other on threads of libuv's pool. */
export async function run<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  checkAborted(signal);
  let next = steps.next();
  while (next.done !== true) {
    try {
      await doAsync(next.value, signal);
      checkAborted(signal);
    } catch (error) {
      next = steps.throw(error);
      continue;
    }
    next = steps.next();
  }
  return next.value;
}

function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortError(signal);
}

function doSync(step: Step): void {
  if (step.type === 'wait') pauseSync(step.milliseconds);
  else if (step.type === 'lock') step.lock.acquireSync();
  else if (step.policy === undefined) writeFileSync(step.file, step.value);
  else native.writeUnderPolicySync(step.file, step.value, MODES[step.policy.mode], Int32Array.from(step.policy.nodes));
}

async function doAsync(step: Step, signal: AbortSignal | undefined): Promise<void> {
  if (step.type === 'wait') await delay(step.milliseconds, undefined, { signal });
  else if (step.type === 'lock') await step.lock.acquire(signal);
  else if (step.policy === undefined) await writeFile(step.file, step.value);
  else await native.writeUnderPolicy(step.file, step.value, MODES[step.policy.mode], Int32Array.from(step.policy.nodes));
}
