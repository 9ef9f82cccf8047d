/** The codes of failed system calls. */
import { errnoName } from '../errors.js';
import type { HugePagesErrorCode } from '../errors.js';

const CODES: Record<string, HugePagesErrorCode> = {
  ENOMEM: 'ERR_HUGEPAGES_NO_MEMORY',
  ENODEV: 'ERR_HUGEPAGES_UNSUPPORTED',
  EEXIST: 'ERR_HUGEPAGES_EXISTS',
  ERANGE: 'ERR_HUGEPAGES_MISMATCH',
  EBUSY: 'ERR_HUGEPAGES_BUSY',
  EPERM: 'ERR_HUGEPAGES_PERMISSION',
  EACCES: 'ERR_HUGEPAGES_PERMISSION',
  EINVAL: 'ERR_HUGEPAGES_UNSUPPORTED',
  ENOSYS: 'ERR_HUGEPAGES_UNSUPPORTED',
  ENOTSUP: 'ERR_HUGEPAGES_UNSUPPORTED', // libuv's name for EOPNOTSUPP
};

/** By the error number alone, which is negative. */
export function codeOf(errno: number): HugePagesErrorCode {
  return CODES[errnoName(errno)] ?? 'ERR_HUGEPAGES_SYSTEM';
}

/** Of the calls that make and map a region, by what they mean there. */
const MAKING: Record<string, HugePagesErrorCode> = {
  'open EISDIR': 'ERR_HUGEPAGES_EXISTS',
  'open EROFS': 'ERR_HUGEPAGES_NO_MOUNT',
  'fstatfs EINVAL': 'ERR_HUGEPAGES_NO_MOUNT',
  // Limits: nr_inodes of a mount; kernel.shmall and shmmni; shmmax; RLIMIT_FSIZE.
  'open ENOSPC': 'ERR_HUGEPAGES_NO_MEMORY',
  'shmget ENOSPC': 'ERR_HUGEPAGES_NO_MEMORY',
  'shmget EINVAL': 'ERR_HUGEPAGES_NO_MEMORY',
  'ftruncate EFBIG': 'ERR_HUGEPAGES_NO_MEMORY',
};

export function makingCodeOf(errno: number, syscall: string): HugePagesErrorCode {
  return MAKING[`${syscall} ${errnoName(errno)}`] ?? codeOf(errno);
}
