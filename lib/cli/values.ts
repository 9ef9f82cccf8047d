/** Values of options: a text of the command line as what it means, or an argument error. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkInteger } from '../arguments.js';
import type { RootOptions } from '../host/text.js';
import { parseSize } from '../units.js';
import { UsageError } from './command.js';

/** A size such as `2MiB`, in bytes; `name` is the option's, as in `--page-size`. */
export function sizeValue(text: string, name: string, min?: number, max?: number): number {
  return parseSize(text, name, min, max);
}

/** A whole number in digits. */
export function countValue(text: string, name: string, min: number, max: number): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`${name} must be a whole number, not '${text}'`);
  return checkInteger(Number(text), name, min, max);
}

/** `--root DIR`, for the readers of kernel text: what is missing there would read as a machine without huge pages. */
export function rootValue(text: string | undefined): RootOptions {
  if (text === undefined) return {};
  const isRecorded = ['proc', 'sys'].some((name) => existsSync(join(text, name)));
  if (!isRecorded) throw new UsageError(`--root ${text}: there is no proc and no sys in it`);
  return { root: text };
}
