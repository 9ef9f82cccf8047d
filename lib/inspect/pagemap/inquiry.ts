/** The addon's questions to the kernel, asked off the event loop. */
import { constants } from 'node:os';
import { abortError } from '../../errors.js';
import { native } from '../../native.js';
import type { Answer } from '../../native/frames.js';

/**
 * What a question is answered.
 *
 * @param start - calls the addon
 * @throws AbortError, or what the addon answers
 */
export async function inquire<T>(start: (onDone: Answer<T>) => number, signal?: AbortSignal): Promise<T> {
  if (signal?.aborted === true) throw abortError(signal);
  let stop: (() => void) | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      const job = start((...[error, answer]) => (error === undefined ? resolve(answer) : reject(error)));
      stop = () => { native.cancel(job); };
      signal?.addEventListener('abort', stop, { once: true });
    });
  } catch (error) {
    throw isStopped(error) && signal !== undefined ? abortError(signal) : error;
  } finally {
    if (stop !== undefined) signal?.removeEventListener('abort', stop);
  }
}

/** ECANCELED is the addon's own: no kernel file is read so. */
function isStopped(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && error.errno === -constants.errno.ECANCELED;
}
