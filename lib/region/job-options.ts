/** What every job takes: its threads, abort and progress. */
import { checkFunction, checkInteger, checkSignal } from '../arguments.js';

/** How a job is to run. */
export interface JobPlan<Progress> {
  threads: number;
  signal: AbortSignal | undefined;
  onProgress: ((progress: Progress) => void) | undefined;
}

const MAX_THREADS = 1024;

/** @param cpus - that the job may run on: as many threads, unless the options say how many */
export function parseJobOptions<Progress>(options: Readonly<Record<string, unknown>>, name: string, cpus: number): JobPlan<Progress> {
  const { threads, signal, onProgress } = options;
  return {
    threads: threads === undefined ? Math.min(Math.max(cpus, 1), MAX_THREADS) : checkInteger(threads, `${name}.threads`, 1, MAX_THREADS),
    signal: checkSignal(signal, `${name}.signal`),
    onProgress: onProgress === undefined ? undefined : (checkFunction(onProgress, `${name}.onProgress`) as (progress: Progress) => void),
  };
}
