/** What a failed system call on a region means, and what to do about it. */
import { HugePagesError, errnoName } from '../errors.js';
import type { HugePagesErrorDetails } from '../errors.js';
import { reasonsAgainst } from '../host/explain/diagnose.js';
import { readMachine } from '../host/explain/machine.js';
import type { Machine } from '../host/explain/machine.js';
import { poolCounters } from '../host/explain/pool.js';
import { pagesName } from '../host/explain/question.js';
import type { Reason, Request, RequestedBacking, Step } from '../host/explain/types.js';
import type { PoolSnapshot } from '../host/pools/pools.js';
import { ifReadable } from '../host/text.js';
import { native } from '../native.js';
import type { JobOutcome } from '../native/jobs.js';
import { formatSize } from '../units.js';
import { codeOf, makingCodeOf } from './codes.js';
import { objectName, objectFacts, stepOf } from './object-failures.js';
import type { Attempt } from './types.js';

/** What the addon throws for a system call that failed. */
export interface SystemCallError extends Error {
  errno: number;
  syscall: string;
}

export function isSystemCallError(error: unknown): error is SystemCallError {
  return error instanceof Error && 'errno' in error && 'syscall' in error;
}

/** What to do about memory that was attached or received with `access: 'read'`. */
export const READ_ONLY = "It may only be read: attach it with access: 'read-write'";

/** A sentence, or one for each error that has its own, such as `EPERM`. */
export type Remedies = string | Readonly<Record<string, string>>;

/** Runs a native call; a failed system call becomes a {@link HugePagesError} that says what was being done. */
export function attempt<T>(what: string, call: () => T, remedies?: Remedies): T {
  try {
    return call();
  } catch (error) {
    if (!isSystemCallError(error)) throw error;
    throw codedFailure(what, error, typeof remedies === 'object' ? remedies[errnoName(error.errno)] : remedies);
  }
}

/** A failed system call, by the code of its error number. */
export function codedFailure(what: string, error: SystemCallError, remedy?: string): HugePagesError {
  const { errno, syscall } = error;
  return new HugePagesError(codeOf(errno), what, { errno, syscall, remedy, cause: error });
}

/** What is being mapped or populated. */
export interface Target extends RequestedBacking {
  /** Undefined where nobody knows any more, as of an attached region. */
  readonly request: Request | undefined;
}

/** The error of a backing that the machine cannot have. */
export function unavailableFailure(reason: Reason): HugePagesError {
  const { error, message, details, remedy } = reason;
  return new HugePagesError(error, message, { details: explained(details, [reason]), remedy: remedy?.sentence });
}

/**
 * The error of a mapping that the kernel refused, or of the policy that was to be set on it.
 *
 * @param target - what there is too little for
 */
export function mapFailure(target: Target, error: unknown, what = cannot('allocate', target)): unknown {
  return shortage(what, target, error, native.stats());
}

/** The error of a reservation that the kernel refused. */
export function reserveFailure(target: Target, error: unknown, facts: HugePagesErrorDetails = {}): unknown {
  return shortage(cannot('reserve', target), target, error, NOTHING_HELD, facts);
}

function shortage(what: string, target: Target, error: unknown, undisposed: Machine['held'], facts: HugePagesErrorDetails = {}): unknown {
  if (!isSystemCallError(error)) return error;
  const { errno, syscall } = error;
  const machine = readMachine(undisposed);
  const reasons = reasonsFor(target, stepOf(syscall), machine);
  const neededPages = target.byteLength / target.pageSize;
  const pool = poolOf(target, machine);
  const source = target.request?.source;
  const details = { ...sizes(target), ...objectFacts(source), neededPages, pool, undisposed, ...facts };
  const fallback = errnoName(errno) === 'ENOMEM' ? UNEXPLAINED : undefined;
  const described = sentences(`${what}${objectName(source)}`, reasons);
  return new HugePagesError(makingCodeOf(errno, syscall), described, {
    errno,
    syscall,
    details: explained(details, reasons),
    remedy: reasons[0]?.remedy?.sentence ?? fallback,
    cause: error,
  });
}

function cannot(verb: string, target: Target): string {
  return `Cannot ${verb} ${formatSize(target.byteLength)} on ${pagesName(target)}`;
}

const UNEXPLAINED = 'Nothing that can be read forbids it any more: try again, and see hugepages explain';

/** The error of an allocation for transparent huge pages that came without a single one. */
export function transparentFailure(target: Target, refused: string): HugePagesError {
  const reasons = reasonsFor(target, 'populate', readMachine(native.stats()));
  const what = `The kernel gives this process no transparent huge pages here${refused}`;
  return new HugePagesError('ERR_HUGEPAGES_UNSUPPORTED', sentences(what, reasons), {
    details: explained(sizes(target), reasons),
    remedy: reasons[0]?.remedy?.sentence ?? 'Memory may be too fragmented: see /proc/buddyinfo, and vm.compact_memory',
  });
}

/** What helps against pages that cannot be populated, by the name of the error. */
export const POPULATE_REMEDIES: Record<string, string> = {
  EFAULT:
    'No page could be had, and touching would have been SIGBUS: the pool is empty and the range has no reservation, ' +
    'or a cgroup is at its hugetlb max',
  EHWPOISON: 'A page of the range has a memory error: dispose the region and allocate again',
  EINVAL: "The range is not writable: region.protect('read-write') first",
  ENOMEM: 'The memory cgroup or the machine is out of memory',
};

/** The error of a populate that ended early by itself. */
export function populateFailure(target: Target, requestedBytes: number, outcome: JobOutcome): HugePagesError {
  const { errno, syscall, bytes: populatedBytes } = outcome;
  const name = errnoName(errno);
  const machine = readMachine(NOTHING_HELD);
  const request = target.request && { ...target.request, prefault: 'now' as const };
  const missing = { ...target, byteLength: requestedBytes - populatedBytes, request };
  const reasons = name === 'EFAULT' || name === 'ENOMEM' ? reasonsFor(missing, 'populate', machine) : [];
  const pool = poolOf(target, machine);
  const state = pool === undefined ? '' : `; the pool has ${poolCounters(pool)}`;
  const what = `Populated ${formatSize(populatedBytes)} of ${formatSize(requestedBytes)} on ${pagesName(target)}${state}`;
  return new HugePagesError('ERR_HUGEPAGES_POPULATE', sentences(what, reasons), {
    errno,
    syscall,
    details: explained({ ...sizes(target), requestedBytes, populatedBytes, pool }, reasons),
    remedy: reasons[0]?.remedy?.sentence ?? POPULATE_REMEDIES[name],
  });
}

/** The error of an allocation that got none of several backings: that of the first, with what ruled each out. */
export function exhausted(failed: readonly (Attempt & { readonly error: HugePagesError })[], byteLength: number): HugePagesError {
  const first = failed[0]?.error ?? new HugePagesError('ERR_HUGEPAGES_UNSUPPORTED', 'This machine offers no backing');
  if (failed.length <= 1) return first;
  const attempts = failed.map(({ backing, pageSize, error }) => {
    const message = error.details.reasons?.[0]?.message ?? error.message;
    return { backing, pageSize, code: error.code, syscall: error.syscall, message };
  });
  const { code, errno, syscall, details, remedy } = first;
  return new HugePagesError(code, `Cannot allocate ${formatSize(byteLength)} on any of the backings`, {
    errno,
    syscall,
    remedy,
    lines: attempts.map(({ backing, message }) => `${backing}: ${message}`),
    details: explained({ ...details, attempts }, details.reasons ?? []),
  });
}

// The region that fails is still there, and no reason for its own failure.
const NOTHING_HELD = { regions: 0, bytes: 0 };

/** What the engine finds on a machine as it is now, a moment after the failure. */
function reasonsFor({ request, ...candidate }: Target, step: Step, machine: Machine): readonly Reason[] {
  return request === undefined ? [] : reasonsAgainst(request, candidate, machine).filter((reason) => reason.step === step);
}

function sizes({ backing, pageSize, byteLength }: Target): HugePagesErrorDetails {
  return { backing, pageSize, byteLength };
}

function poolOf({ backing, pageSize }: Target, machine: Machine): PoolSnapshot | undefined {
  return backing === 'hugetlb' ? ifReadable(() => machine.pools())?.find((pool) => pool.pageSize === pageSize) : undefined;
}

function sentences(what: string, reasons: readonly Pick<Reason, 'message'>[]): string {
  return [what, ...reasons.map(({ message }) => message)].join('. ');
}

/** Details with what the engine found: all of it, and the command of the first reason. */
function explained(facts: HugePagesErrorDetails, reasons: readonly Reason[]): HugePagesErrorDetails {
  const command = reasons[0]?.remedy?.command;
  return Object.defineProperty({ ...facts, ...(command !== undefined && { command }) }, 'reasons', { value: reasons });
}
