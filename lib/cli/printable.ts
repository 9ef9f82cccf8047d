/** Texts that others have chosen, such as paths and names of processes, made safe to print. */
import { octal } from '../host/byte-names.js';

/** A path without what would move the cursor, or start a new line, and without bytes that are no UTF-8. */
export function printable(path: string): string {
  return path.replace(/[\p{Cc}\udc80-\udcff]/gu, octal);
}

/**
 * A command without what would move the cursor, that does the same when pasted into bash: such characters are within single quotes there,
 * as `quote()` has put them.
 */
export function pasteable(command: string): string {
  return command.replace(/\p{Cc}+/gu, (characters) => `'$'${octal(characters)}''`);
}
