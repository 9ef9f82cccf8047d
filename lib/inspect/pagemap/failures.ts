/** What a failed system call on the memory of a process means. */
import { HugePagesError, errnoName } from '../../errors.js';
import { noProcess, unreadableProcess } from '../../host/process-status.js';

/** `ESRCH`; undefined for what is no failed system call. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'errno' in error ? errnoName(error.errno as number) : undefined;
}

/** The error of a process whose page map could not be read. */
export function failureOf(pid: number, error: unknown): unknown {
  switch (errnoOf(error)) {
    case undefined:
      return error;
    case 'ENOENT':
    case 'ESRCH':
      return noProcess(pid);
    case 'EACCES':
    case 'EPERM':
      return unreadableProcess(pid, 'pages');
    default: {
      const { errno, syscall } = error as NodeJS.ErrnoException;
      const what = `Could not read the page map of process ${String(pid)}`;
      return new HugePagesError('ERR_HUGEPAGES_SYSTEM', what, { errno, syscall, details: { pid }, cause: error });
    }
  }
}
