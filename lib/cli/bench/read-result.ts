/** A result that `--json` has written. */
import { readFileSync } from 'node:fs';
import { checkResult } from '../../bench/check-result.js';
import type { BenchResult } from '../../bench/types.js';
import { HugePagesError, isArgumentError } from '../../errors.js';
import { fileError } from '../../host/text.js';

/** @throws HugePagesError also for what is no result: a file is no argument */
export function readResult(file: string): BenchResult {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw fileError(`Could not read ${file}`, file, error);
  }
  try {
    const value: unknown = JSON.parse(text);
    checkResult(value, 'result');
    return value;
  } catch (cause) {
    if (!(cause instanceof SyntaxError || isArgumentError(cause))) throw cause;
    throw new HugePagesError('ERR_HUGEPAGES_MISMATCH', `${file} holds no result of a benchmark of this package: ${cause.message}`, {
      cause,
      remedy: 'Write one with: hugepages bench NAME --json',
    });
  }
}
