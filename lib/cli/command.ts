/** What a command of the command line is. */

/** One command; each has a file of its own, loaded when it is called. */
export interface Command {
  /** The text of `--help`. */
  readonly help: string;
  /**
   * @param args - what follows the command's name
   * @returns the exit code
   */
  run(args: string[]): number | Promise<number>;
}

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {}

/** Whether the command line is to blame, and not the machine. */
export function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}
