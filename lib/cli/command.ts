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
