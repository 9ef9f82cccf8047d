/** Running the addon's loads and stores. */
import type { Part } from '../arguments.js';
import { HugePagesError, errnoName } from '../errors.js';
import { native } from '../native.js';
import type { JobDone, JobOutcome, JobProgress } from '../native/jobs.js';
import { formatSize } from '../units.js';
import { codeOf } from './codes.js';
import type { TransferPlan, TransferResult } from './files.js';
import type { Hold } from './hold.js';
import { runJob } from './job.js';

/** @param upTo - a file that is shorter is no mistake */
export function load(hold: Hold, { offset, length }: Part, upTo: boolean, plan: TransferPlan): Promise<TransferResult> {
  hold.checkWritable('load');
  const { file, position, direct, threads } = plan;
  return transfer(hold, length, 'loaded', plan, (observe, done) =>
    native.load(hold.handle, offset, length, file, position, direct, threads, upTo, observe, done),
  );
}

/** @param plan - with `flags` of open(2) */
export function store(hold: Hold, { offset, length }: Part, plan: TransferPlan & { flags: number }): Promise<TransferResult> {
  const { file, position, direct, threads, flags } = plan;
  return transfer(hold, length, 'stored', plan, (observe, done) =>
    native.store(hold.handle, offset, length, file, position, direct, threads, flags, observe, done),
  );
}

async function transfer(
  hold: Hold,
  requestedBytes: number,
  participle: 'loaded' | 'stored',
  { file, signal, onProgress }: TransferPlan,
  start: (observe: JobProgress, done: JobDone) => number,
): Promise<TransferResult> {
  const outcome = await runJob({
    participle,
    start,
    signal,
    onProgress: onProgress && ((bytes, totalBytes) => onProgress({ bytes, totalBytes })),
    abortDetails: (bytes) => ({ bytes }),
    isDisposed: () => hold.disposed,
  });
  if (outcome.errno !== 0) throw transferFailure(participle, file, requestedBytes, outcome);
  const { bytes, apartBytes, threads, nanoseconds } = outcome;
  return { bytes, directBytes: apartBytes, threads, milliseconds: nanoseconds / 1e6 };
}

/** What helps, by the name of the error, or by the system call and that. */
const REMEDIES: Record<string, string> = {
  EFAULT: "The region has a page that cannot be had, or does not allow this: see region.prefault() and region.protect('read-write')",
  ENODATA: 'The file ends before that: leave the length out to load what it has',
  EISDIR: 'Give a regular file: this is a directory',
  ESPIPE: 'Give a regular file: this is a pipe, a socket or a device',
  EBADF: 'Give a file that is open for this, for reading or for writing',
  ENOSPC: 'The file is incomplete: make room and store again, or remove it',
  'pwrite EINVAL':
    'Files of hugetlbfs cannot be written to, only mapped: allocate a region with the file as its source and the path, and load() into it',
  'pwrite(O_APPEND) EINVAL': 'Open the file without O_APPEND, by which every write goes to the end of it, in whatever order',
  'open(O_DIRECT) ENOTSUP': "This file system has no direct I/O: use direct: 'auto'",
  'open(O_DIRECT) EINVAL': "The offset is not aligned as the position is, in blocks of the file system: change it, or use direct: 'auto'",
};

const CODES = { EFAULT: 'ERR_HUGEPAGES_POPULATE', ENODATA: 'ERR_HUGEPAGES_MISMATCH' } as const;

function transferFailure(participle: string, file: string | number, requestedBytes: number, outcome: JobOutcome): HugePagesError {
  const { errno, syscall, bytes } = outcome;
  const name = errnoName(errno);
  const code = name === 'EFAULT' || name === 'ENODATA' ? CODES[name] : codeOf(errno);
  const shown = typeof file === 'string' ? `'${file}'` : `file descriptor ${String(file)}`;
  const direction = participle === 'loaded' ? `The region cannot be loaded from ${shown}` : `The region cannot be stored to ${shown}`;
  const partial = bytes === 0 ? '' : `; ${formatSize(bytes)} of ${formatSize(requestedBytes)} were ${participle}`;
  return new HugePagesError(code, `${direction}${partial}`, {
    errno,
    syscall,
    details: { file, requestedBytes, bytes },
    remedy: REMEDIES[`${syscall} ${name}`] ?? REMEDIES[name],
  });
}
