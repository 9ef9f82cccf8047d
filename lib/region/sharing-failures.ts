/** Why a region of another process could not be had, and what to do about it. */
import { HugePagesError, errnoName } from '../errors.js';
import type { HugePagesErrorCode } from '../errors.js';
import type { SystemCallError } from './failures.js';
import { codeOf } from './codes.js';

interface Meaning {
  /** Left out of what only tells why an attempt failed: that of the error number. */
  readonly code?: HugePagesErrorCode;
  readonly message: string;
  /** For whichever side reads it. */
  readonly remedy?: string;
  /** The addon found it out: no system call has failed. */
  readonly found?: true;
}

const AGAIN = 'Take a token from region.share() while the region is held, and attach it unaltered';
const HAND_OVER =
  "Attach it as the user that made it, or hand it over with region.sendTo() and Region.receive(), and peer: 'any-user' on both sides";
const AS_ITS_USER = "A segment is for its user alone: run both as one user, or allocate with source: 'memfd' and hand that over";
const READ_ONLY = "Region.attach() and Region.receive() take it with access: 'read'";
const GONE = { code: 'ERR_HUGEPAGES_TOKEN', message: 'what the token names is gone', remedy: AGAIN } as const;
const OTHER = { code: 'ERR_HUGEPAGES_TOKEN', message: 'something else is there by now', remedy: AGAIN } as const;
const RESIZED = {
  code: 'ERR_HUGEPAGES_TOKEN',
  message: 'it has another size by now',
  remedy: 'Share it again: region.share() says the new size, and where another process has resized it, after region.resize() to that',
  found: true,
} as const;
const FORBIDDEN = { code: 'ERR_HUGEPAGES_PERMISSION', message: 'this process may not open it', remedy: HAND_OVER } as const;
const FOREIGN = { code: 'ERR_HUGEPAGES_PERMISSION', message: 'it is a segment of another user', remedy: AS_ITS_USER } as const;
const TAKE_ANOTHER = 'Take a path of its own for each receiver';

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
  'shmctl EACCES': FOREIGN,
  'shmat EACCES': FOREIGN,
  'fstat ENOENT': { ...OTHER, found: true },
  'shmctl ENOENT': { ...OTHER, found: true },
  'fstat ERANGE': RESIZED,
  'shmctl ERANGE': RESIZED,
  'fstatfs EINVAL': { code: 'ERR_HUGEPAGES_TOKEN', message: 'it is not on the pages that the token says', remedy: AGAIN, found: true },
  'fcntl(F_GET_SEALS) EPERM': { code: 'ERR_HUGEPAGES_TOKEN', message: 'it lacks seals that the token says', remedy: AGAIN, found: true },
  'mmap EPERM': { code: 'ERR_HUGEPAGES_PERMISSION', message: 'it is sealed against writing', remedy: READ_ONLY },
  'mmap EACCES': { code: 'ERR_HUGEPAGES_PERMISSION', message: 'it may only be read', remedy: READ_ONLY },
  'mmap ENOMEM': { code: 'ERR_HUGEPAGES_NO_MEMORY', message: 'its pages cannot be reserved here, or the address space is full' },
  'mmap ENODEV': {
    code: 'ERR_HUGEPAGES_UNSUPPORTED',
    message: 'the region is memory of its process alone',
    remedy: "Allocate it with source: 'memfd', 'file' or 'sysv', and shared",
    found: true,
  },
  'getsockopt(SO_PEERCRED) EACCES': {
    code: 'ERR_HUGEPAGES_PERMISSION',
    message: 'the other side is another user',
    remedy: "Run both as one user, or trust whoever can reach the socket, with peer: 'any-user' on both sides",
    found: true,
  },
  'bind EADDRINUSE': {
    code: 'ERR_HUGEPAGES_BUSY',
    message: 'somebody listens there, or the path is a file of another kind',
    remedy: TAKE_ANOTHER,
  },
  'bind ENOENT': { message: 'there is no such directory', remedy: 'Make the directory first' },
  'bind EACCES': {
    code: 'ERR_HUGEPAGES_PERMISSION',
    message: 'this process may not make a file there',
    remedy: 'Take a directory that this user may write to',
  },
  'connect ENOENT': { message: 'there was no such socket' },
  'connect ECONNREFUSED': { message: 'nobody listened there' },
  'connect EACCES': {
    code: 'ERR_HUGEPAGES_PERMISSION',
    message: 'this process may not connect to it',
    remedy: "Let the receiver say peer: 'any-user', and let this user search the directories that lead there",
  },
  'connect ENOTSOCK': { code: 'ERR_HUGEPAGES_BUSY', message: 'the path is a file of another kind', remedy: TAKE_ANOTHER, found: true },
  'recv EPROTO': { code: 'ERR_HUGEPAGES_BUSY', message: 'who listens there is no Region.receive()', remedy: TAKE_ANOTHER, found: true },
  'recv EPIPE': { message: 'who listened there closed without an answer' },
  'recv ECONNRESET': { message: 'who listened there closed without an answer' },
  'recv ETIMEDOUT': { message: 'who listened there did not answer' },
  'recvmsg EPIPE': { message: 'the sender went without a word, as one does that does not trust this user' },
  'recvmsg EPROTO': { message: 'what came is no region' },
  'recvmsg EMSGSIZE': { message: 'not as many descriptors came as it takes' },
  'recvmsg ETIMEDOUT': { message: 'the sender said nothing' },
};

export function tokenFailure(message: string): HugePagesError {
  return new HugePagesError('ERR_HUGEPAGES_TOKEN', message, { remedy: AGAIN });
}

type Failure = Pick<SystemCallError, 'errno' | 'syscall'>;

function meaning({ errno, syscall }: Failure): Partial<Meaning> {
  return MEANINGS[`${syscall} ${errnoName(errno)}`] ?? {};
}

/** Why an attempt failed, in a few words. */
export function meaningOf(failure: Failure): string {
  return meaning(failure).message ?? `${failure.syscall} failed with ${errnoName(failure.errno)}`;
}

type Details = Readonly<Record<string, unknown>>;

/** The error of an object that could not be found, checked or mapped, here or, with a code of its own, by another process. */
export function objectFailure(what: string, failure: Failure, details: Details = {}, code?: HugePagesErrorCode): HugePagesError {
  const { message, remedy, found, ...means } = meaning(failure);
  const { errno, syscall } = failure;
  const call = found === true ? {} : { errno, syscall };
  const cause = failure instanceof Error ? failure : undefined;
  const text = message === undefined ? what : `${what}: ${message}`;
  return new HugePagesError(code ?? means.code ?? codeOf(errno), text, { ...call, details, remedy, cause });
}
