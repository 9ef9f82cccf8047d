/** Texts that others have chosen, such as paths and names of processes, made safe to print. */

/** A path without what would move the cursor, or start a new line. */
export function printable(path: string): string {
  return path.replace(/\p{Cc}/gu, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

/**
 * A command without what would move the cursor, that does the same when pasted into bash: such characters are within single quotes there,
 * as `quote()` has put them.
 */
export function pasteable(command: string): string {
  const octal = (byte: number): string => `\\${byte.toString(8).padStart(3, '0')}`;
  return command.replace(/\p{Cc}+/gu, (characters) => `'$'${[...Buffer.from(characters)].map(octal).join('')}''`);
}
