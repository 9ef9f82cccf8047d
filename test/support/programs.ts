/** Programs that a test needs and that a machine may lack. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a program, undefined when it is not in PATH. */
export function findProgram(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find((path) => existsSync(path));
}
