/**
 * Every error this library raises carries a stable `code`. Wrong arguments are a `TypeError` or
 * `RangeError` with one of Node's own codes, raised before any system call; everything else is a
 * {@link HugePagesError}.
 */
import { getSystemErrorName, inspect } from 'node:util';
import type { BackingKind, Reason } from './host/explain/types.js';
import type { PoolSnapshot } from './host/pools/pools.js';

/**
 * The stable codes of {@link HugePagesError}.
 *
 * - `ERR_HUGEPAGES_NO_MEMORY`: no backing that was allowed had enough pages, or a hole is to be reserved whose pages others have
 *   (`ENOMEM` at `mmap`).
 * - `ERR_HUGEPAGES_PAGE_SIZE`: the machine has no hugetlb pool of the requested page size.
 * - `ERR_HUGEPAGES_POPULATE`: a page could not be populated; touching it would have been SIGBUS or SIGSEGV
 *   (`EFAULT`, `EHWPOISON`, `ENOMEM`, `EINVAL` of `madvise(MADV_POPULATE_WRITE)`).
 * - `ERR_HUGEPAGES_DISPOSED`: the region was disposed.
 * - `ERR_HUGEPAGES_BUFFER_TOO_LARGE`: this Node version cannot make an ArrayBuffer of that length.
 * - `ERR_HUGEPAGES_NO_SHARED_BUFFER`: this Node version cannot make a SharedArrayBuffer over foreign memory.
 * - `ERR_HUGEPAGES_NO_EXTERNAL_BUFFERS`: this runtime forbids ArrayBuffers over foreign memory (Electron).
 * - `ERR_HUGEPAGES_TOKEN`: the token is altered, stale, or names what this process cannot have.
 * - `ERR_HUGEPAGES_TIMEOUT`: no other process came in time.
 * - `ERR_HUGEPAGES_REFUSED`: the other process could not take what it was given.
 * - `ERR_HUGEPAGES_ADDON`: the native addon could not be loaded.
 * - `ERR_HUGEPAGES_NO_MOUNT`: no hugetlbfs mount is there, or none that can be used.
 * - `ERR_HUGEPAGES_MOUNTED`: hugetlbfs is mounted there already, with other options.
 * - `ERR_HUGEPAGES_MOUNT_POINT`: the path is no empty directory to mount on.
 * - `ERR_HUGEPAGES_EXISTS`: a file or segment of that name is there already (`EEXIST`).
 * - `ERR_HUGEPAGES_MISMATCH`: what is there has another size, or other pages, than was asked for; a file ends before what is loaded.
 * - `ERR_HUGEPAGES_BUSY`: somebody uses it (`EBUSY`), or changes it at this moment.
 * - `ERR_HUGEPAGES_SEALED`: the memfd is sealed against it (`EPERM`).
 * - `ERR_HUGEPAGES_CHANGED`: somebody else changed since what is to be changed again.
 * - `ERR_HUGEPAGES_NO_PROCESS`: there is no process of that number, or it ended meanwhile (`ESRCH`).
 * - `ERR_HUGEPAGES_PERMISSION`: the kernel refused for lack of a privilege (`EPERM`, `EACCES`).
 * - `ERR_HUGEPAGES_UNSUPPORTED`: this kernel or machine lacks the feature, or an optional package is not installed.
 * - `ERR_HUGEPAGES_SYSTEM`: any other failure of a system call; see `errno` and `syscall`.
 */
export type HugePagesErrorCode =
  | 'ERR_HUGEPAGES_NO_MEMORY'
  | 'ERR_HUGEPAGES_PAGE_SIZE'
  | 'ERR_HUGEPAGES_POPULATE'
  | 'ERR_HUGEPAGES_DISPOSED'
  | 'ERR_HUGEPAGES_BUFFER_TOO_LARGE'
  | 'ERR_HUGEPAGES_NO_SHARED_BUFFER'
  | 'ERR_HUGEPAGES_NO_EXTERNAL_BUFFERS'
  | 'ERR_HUGEPAGES_TOKEN'
  | 'ERR_HUGEPAGES_TIMEOUT'
  | 'ERR_HUGEPAGES_REFUSED'
  | 'ERR_HUGEPAGES_ADDON'
  | 'ERR_HUGEPAGES_NO_MOUNT'
  | 'ERR_HUGEPAGES_MOUNTED'
  | 'ERR_HUGEPAGES_MOUNT_POINT'
  | 'ERR_HUGEPAGES_EXISTS'
  | 'ERR_HUGEPAGES_MISMATCH'
  | 'ERR_HUGEPAGES_BUSY'
  | 'ERR_HUGEPAGES_SEALED'
  | 'ERR_HUGEPAGES_CHANGED'
  | 'ERR_HUGEPAGES_NO_PROCESS'
  | 'ERR_HUGEPAGES_PERMISSION'
  | 'ERR_HUGEPAGES_UNSUPPORTED'
  | 'ERR_HUGEPAGES_SYSTEM';

/** The facts behind a {@link HugePagesError}. Those named here mean the same in every error that has them; the others are its own. */
export interface HugePagesErrorDetails {
  readonly [fact: string]: unknown;
  /** Mends it when pasted into a shell. */
  readonly command?: string | undefined;
  /** Everything that `explain()` finds at the moment of the failure. Not enumerable, so that what is printed stays short. */
  readonly reasons?: readonly Reason[];
  /** Every backing that was tried, where there were several. */
  readonly attempts?: readonly FailedAttempt[];
  /** The pool at that moment. */
  readonly pool?: PoolSnapshot | undefined;
  /** Pages that were asked of it. */
  readonly neededPages?: number;
  /** Bytes of a prefault that succeeded. */
  readonly populatedBytes?: number;
  /** What this process held. */
  readonly undisposed?: { readonly regions: number; readonly bytes: number };
}

/** A backing that could not be had. */
export interface FailedAttempt {
  readonly backing: BackingKind;
  /** Bytes per page. */
  readonly pageSize: number;
  readonly code: HugePagesErrorCode;
  /** The system call that failed, where one did. */
  readonly syscall: string | undefined;
  /** What ruled it out. */
  readonly message: string;
}

/** What a {@link HugePagesError} is made of, besides its message. */
export interface HugePagesErrorInit {
  /** A system call's error number, negative as in Node's own errors. */
  errno?: number | undefined;
  /** The system call that failed, such as `mmap` or `madvise(MADV_POPULATE_WRITE)`. */
  syscall?: string | undefined;
  /** The facts behind the message: sizes in bytes, counters of the pool at that moment. */
  details?: HugePagesErrorDetails | undefined;
  /** What to do about it: one sentence, with a command where there is one. */
  remedy?: string | undefined;
  /** What the message goes on with, each on a line of its own. */
  lines?: readonly string[];
  cause?: unknown;
}

/** What helps whichever system call failed. */
const REMEDIES: Readonly<Record<string, string>> = {
  // Node.js has raised the soft limit to the hard one when it started.
  EMFILE:
    'This process may have no more files open, and each memfd or file is one: dispose regions, ' +
    'or raise its limit (ulimit -n) in the shell that starts it, as root: prlimit --pid $$ --nofile=65536',
};

/** The one error class for everything that is not a wrong argument. */
export class HugePagesError extends Error {
  /** Stable, meant to be compared. */
  readonly code: HugePagesErrorCode;
  /** Negative, as in Node's own errors: `util.getSystemErrorName(error.errno)` names it. */
  readonly errno: number | undefined;
  /** The system call that failed. */
  readonly syscall: string | undefined;
  /** The facts behind the message. */
  readonly details: HugePagesErrorDetails;
  /** What to do about it. */
  readonly remedy: string | undefined;

  constructor(code: HugePagesErrorCode, message: string, init: HugePagesErrorInit = {}) {
    const { errno } = init;
    const reason = errno === undefined ? '' : `: ${init.syscall ?? 'system call'} failed with ${errnoName(errno)}`;
    const advice = init.remedy ?? (errno === undefined ? undefined : REMEDIES[errnoName(errno)]);
    const remedy = advice === undefined ? '' : `. ${advice}`;
    const lines = (init.lines ?? []).map((line) => `\n  ${line}`).join('');
    super(`${message}${reason}${remedy}${lines}`, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = code;
    this.errno = errno;
    this.syscall = init.syscall;
    this.details = init.details ?? {};
    this.remedy = advice;
  }
}
// On the prototype and not enumerable, as for the built-in errors: `name` is no fact of one error.
Object.defineProperty(HugePagesError.prototype, 'name', { value: 'HugePagesError', configurable: true, writable: true });

/** `ENOMEM` for -12; the number itself where the platform has no name for it. */
export function errnoName(errno: number): string {
  // libuv has no name for it, and the kernel answers it for huge pages.
  if (errno === -133) return 'EHWPOISON';
  const name = getSystemErrorName(errno);
  return name.startsWith('Unknown system error') ? `errno ${String(-errno)}` : name;
}

/** Argument errors carry Node's own codes. */
export type ArgumentErrorCode =
  | 'ERR_INVALID_ARG_TYPE'
  | 'ERR_INVALID_ARG_VALUE'
  | 'ERR_OUT_OF_RANGE'
  | 'ERR_INVALID_THIS'
  | 'ERR_ILLEGAL_CONSTRUCTOR';

function withCode<E extends Error>(error: E, code: ArgumentErrorCode): E & { code: ArgumentErrorCode } {
  return Object.assign(error, { code });
}

// Without custom inspection: showing a wrong argument must not run its code.
const SHOWN = { depth: -1, maxStringLength: 60, breakLength: Infinity, customInspect: false } as const;

function received(value: unknown): string {
  const text = typeof value === 'function' ? `function ${value.name}` : inspect(value, SHOWN); // an object by its class
  const type = ['object', 'function', 'undefined'].includes(typeof value) ? '' : `${typeof value} `;
  return `Received ${type}${text}`;
}

/** Whether an error says that an argument was wrong. */
export function isArgumentError(error: unknown): error is Error & { code: ArgumentErrorCode } {
  return error instanceof Error && 'code' in error && /^ERR_(INVALID_ARG_(TYPE|VALUE)|OUT_OF_RANGE)$/.test(String(error.code));
}

/** The argument is of the wrong type. */
export function invalidArgType(name: string, expected: string, value: unknown): TypeError {
  return withCode(new TypeError(`The "${name}" argument must be ${expected}. ${received(value)}`), 'ERR_INVALID_ARG_TYPE');
}

/** The argument has the right type and a value that means nothing here. */
export function invalidArgValue(name: string, expected: string, value: unknown): TypeError {
  return withCode(new TypeError(`The "${name}" argument ${expected}. ${received(value)}`), 'ERR_INVALID_ARG_VALUE');
}

/** The argument is a number out of its range. */
export function outOfRange(name: string, range: string, value: unknown): RangeError {
  return withCode(new RangeError(`The value of "${name}" is out of range. It must be ${range}. ${received(value)}`), 'ERR_OUT_OF_RANGE');
}

/** A method was called on something that is not an instance of its class. */
export function invalidThis(type: string): TypeError {
  return withCode(new TypeError(`Value of "this" must be of type ${type}`), 'ERR_INVALID_THIS');
}

/** A class was constructed directly that only this library constructs. */
export function illegalConstructor(type: string, instead: string): TypeError {
  return withCode(new TypeError(`${type} cannot be constructed directly: use ${instead}`), 'ERR_ILLEGAL_CONSTRUCTOR');
}

/** An operation was stopped by its signal: shaped like the errors that Node's own APIs reject with. */
export function abortError(signal: AbortSignal, details: Readonly<Record<string, unknown>> = {}): Error {
  const error = new Error('The operation was aborted', { cause: signal.reason });
  error.name = 'AbortError';
  return Object.assign(error, { code: 'ABORT_ERR', details });
}
