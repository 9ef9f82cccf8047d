/** What a failed measurement means. */
import { HugePagesError, errnoName } from '../errors.js';
import type { HugePagesErrorCode } from '../errors.js';
import { codeOf } from '../region/codes.js';
import { isSystemCallError } from '../region/failures.js';

/** What these mean of memory that is measured; the others as everywhere. */
const CODES: Readonly<Record<string, HugePagesErrorCode>> = {
  EILSEQ: 'ERR_HUGEPAGES_CHANGED',
  EFAULT: 'ERR_HUGEPAGES_POPULATE',
};

/** Measures; a failed system call becomes an error that says what could not be. */
export async function attempted<T>(what: string, measure: () => Promise<T>): Promise<T> {
  try {
    return await measure();
  } catch (error) {
    if (!isSystemCallError(error)) throw error;
    const { errno, syscall } = error;
    throw new HugePagesError(CODES[errnoName(errno)] ?? codeOf(errno), what, { errno, syscall, cause: error });
  }
}
