/** Why a region of another process could not be had, and what to do about it. */
import { HugePagesError, errnoName } from '../errors.js';
import type { HugePagesErrorCode } from '../errors.js';
import type { SystemCallError } from './failures.js';
import { codeOf } from './codes.js';

interface Meaning {
  readonly code: HugePagesErrorCode;
  readonly message: string;
  readonly remedy?: string;
}

const AGAIN = 'Take a token from region.share() while the region is held, and attach it unaltered';
const HAND_OVER = 'Attach it as the user that made it, or hand it over with region.sendTo() and Region.receive()';
const GONE = { code: 'ERR_HUGEPAGES_TOKEN', message: 'what the token names is gone', remedy: AGAIN } as const;
const OTHER = { code: 'ERR_HUGEPAGES_TOKEN', message: 'something else is there by now', remedy: AGAIN } as const;
const SMALLER = { code: 'ERR_HUGEPAGES_TOKEN', message: 'it does not have the size that the token says', remedy: AGAIN } as const;
const FORBIDDEN = { code: 'ERR_HUGEPAGES_PERMISSION', message: 'this process may not open it', remedy: HAND_OVER } as const;

const MEANINGS: Readonly<Record<string, Meaning>> = {
  'open ENOENT': GONE,
  'open ENOTDIR': GONE,
  'open ESRCH': GONE,
  'open ELOOP': OTHER,
  'open ENXIO': OTHER,
  'open EACCES': FORBIDDEN,
  'open EPERM': FORBIDDEN,
  'shmctl EINVAL': GONE,
  'shmctl errno 43': GONE, // EIDRM, for which libuv has no name
  'shmctl EACCES': FORBIDDEN,
  'shmat EACCES': FORBIDDEN,
  'fstat ENOENT': OTHER,
  'shmctl ENOENT': OTHER,
  'fstat ERANGE': SMALLER,
  'shmctl ERANGE': SMALLER,
  'fstatfs EINVAL': { code: 'ERR_HUGEPAGES_TOKEN', message: 'it is not on the pages that the token says', remedy: AGAIN },
  'fcntl(F_GET_SEALS) EPERM': { code: 'ERR_HUGEPAGES_TOKEN', message: 'it lacks seals that the token says', remedy: AGAIN },
  'mmap EPERM': { code: 'ERR_HUGEPAGES_PERMISSION', message: 'it is sealed against writing', remedy: "Take it with access: 'read'" },
  'mmap EACCES': { code: 'ERR_HUGEPAGES_PERMISSION', message: 'it may only be read', remedy: "Take it with access: 'read'" },
  'mmap ENOMEM': { code: 'ERR_HUGEPAGES_NO_MEMORY', message: 'its pages cannot be reserved here, or the address space is full' },
  'mmap ENODEV': {
    code: 'ERR_HUGEPAGES_UNSUPPORTED',
    message: 'the region is memory of its process alone',
    remedy: "Allocate it with source: 'memfd', 'file' or 'sysv', and shared",
  },
  'getsockopt(SO_PEERCRED) EACCES': {
    code: 'ERR_HUGEPAGES_PERMISSION',
    message: 'the other side is another user',
    remedy: "Run both as one user, or trust whoever can reach the socket, with peer: 'any-user'",
  },
  'bind EADDRINUSE': {
    code: 'ERR_HUGEPAGES_BUSY',
    message: 'somebody listens there, or the path is a file of another kind',
    remedy: 'Take a path of its own for each receiver',
  },
};

export function tokenFailure(message: string): HugePagesError {
  return new HugePagesError('ERR_HUGEPAGES_TOKEN', message, { remedy: AGAIN });
}

type Failure = Pick<SystemCallError, 'errno' | 'syscall'>;

/** What a system call says of an object, in a few words. */
export function meaningOf({ errno, syscall }: Failure): string {
  const name = errnoName(errno);
  return MEANINGS[`${syscall} ${name}`]?.message ?? `${syscall} failed with ${name}`;
}

/** The error of an object that could not be found, checked or mapped. */
export function objectFailure(what: string, failure: Failure, details: Readonly<Record<string, unknown>> = {}): HugePagesError {
  const { errno, syscall } = failure;
  const { code, message, remedy } = MEANINGS[`${syscall} ${errnoName(errno)}`] ?? { code: codeOf(errno), message: undefined };
  const text = message === undefined ? what : `${what}: ${message}`;
  return new HugePagesError(code, text, { errno, syscall, details, remedy, cause: failure instanceof Error ? failure : undefined });
}
