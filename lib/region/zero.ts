/** Zeroing a part of a region in place. */
import type { Part } from '../arguments.js';
import { HugePagesError, errnoName } from '../errors.js';
import { native } from '../native.js';
import { formatSize } from '../units.js';
import { POPULATE_REMEDIES } from './failures.js';
import type { Hold } from './hold.js';
import type { JobPlan } from './job-options.js';
import { runJob } from './job.js';
import type { ZeroProgress, ZeroResult } from './types.js';

export const ZERO_OPTIONS = ['threads', 'signal', 'onProgress'] as const;

export async function zero(hold: Hold, { offset, length }: Part, plan: JobPlan<ZeroProgress>): Promise<ZeroResult> {
  hold.checkWritable('zero');
  const { threads, signal, onProgress } = plan;
  const { errno, syscall, bytes, apartBytes, ...outcome } = await runJob({
    participle: 'zeroed',
    start: (observe, done) => native.clear(hold.handle, offset, length, threads, observe, done),
    signal,
    onProgress: onProgress && ((zeroedBytes, totalBytes) => onProgress({ zeroedBytes, totalBytes })),
    abortDetails: (zeroedBytes) => ({ zeroedBytes }),
    isDisposed: () => hold.disposed,
  });
  if (errno !== 0) {
    throw new HugePagesError('ERR_HUGEPAGES_POPULATE', `Zeroed ${formatSize(bytes)} of ${formatSize(length)}`, {
      errno,
      syscall,
      details: { requestedBytes: length, zeroedBytes: bytes },
      remedy: POPULATE_REMEDIES[errnoName(errno)],
    });
  }
  return { zeroedBytes: bytes - apartBytes, holeBytes: apartBytes, threads: outcome.threads, milliseconds: outcome.nanoseconds / 1e6 };
}
