/** Values of options: a text of the command line as what it means, or a {@link UsageError}. */
import { checkInteger } from '../arguments.js';
import { isArgumentError } from '../errors.js';
import type { RootOptions } from '../host/text.js';
import { parseSize } from '../units.js';
import { UsageError } from './command.js';

/** A size such as `2MiB`, in bytes; `name` is the option's, as in `--page-size`. */
export function sizeValue(text: string, name: string, min?: number, max?: number): number {
  return asUsage(() => parseSize(text, name, min, max));
}

/** A whole number in digits. */
export function countValue(text: string, name: string, min: number, max: number): number {
  return asUsage(() => checkInteger(/^\d+$/.test(text) ? Number(text) : NaN, name, min, max));
}

/** `--root DIR`, for the readers of kernel text. */
export function rootValue(text: string | undefined): RootOptions {
  return text === undefined ? {} : { root: text };
}

/** What is wrong with an argument is wrong with the command line. */
export function asUsage<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (isArgumentError(error)) throw new UsageError(error.message);
    throw error;
  }
}
