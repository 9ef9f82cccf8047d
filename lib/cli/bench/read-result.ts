/** A result that `--json` has written. */
import { readFileSync } from 'node:fs';
import { checkResult } from '../../bench/check-result.js';
import type { BenchResult } from '../../bench/types.js';
import { HugePagesError, isArgumentError } from '../../errors.js';
import { fileError } from '../../host/text.js';
import { inOptions } from '../usage.js';

const REMEDY = 'Write one with: hugepages bench NAME --json';

/** @throws HugePagesError also for what is no result: a file is no argument */
export function readResult(file: string): BenchResult {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw fileError(`Could not read ${file}`, file, error, isMissing ? REMEDY : undefined);
  }
  try {
    const value: unknown = JSON.parse(text);
    checkResult(value, file);
    return value;
  } catch (cause) {
    const why = reasonOf(cause, file);
    if (why === undefined) throw cause;
    const message = `${file} holds no result of a benchmark of this package${why}`;
    throw new HugePagesError('ERR_HUGEPAGES_MISMATCH', message, { cause, remedy: REMEDY });
  }
}

/** Undefined for what is a HugePagesError already. */
function reasonOf(cause: unknown, file: string): string | undefined {
  if (cause instanceof SyntaxError) return `, and no JSON: ${cause.message}`;
  if (!isArgumentError(cause)) return undefined;
  // That it is no result at all is said.
  return cause.code === 'ERR_INVALID_ARG_TYPE' ? '' : `: ${inOptions(cause.message, (name) => name.slice(file.length + 1))}`;
}
