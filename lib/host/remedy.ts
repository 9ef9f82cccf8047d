/** What to do about something: a sentence, and a command to paste into a shell. */

/** What mends something. */
export interface Remedy {
  /** One sentence, which ends with the command where there is one. */
  readonly sentence: string;
  /** Mends it when pasted into a shell, where a command can. */
  readonly command?: string;
  /** Whether it takes root, or whoever runs the machine. */
  readonly needsRoot: boolean;
}

/** A remedy that a command is. */
export function commandRemedy(sentence: string, command: string, needsRoot: boolean): Remedy {
  return { sentence: `${sentence}: ${command}`, command, needsRoot };
}

/** Writes a value to one of the kernel's files. */
export function writeRemedy(sentence: string, file: string, value: number | string): Remedy {
  return commandRemedy(sentence, writeCommand(file, value), true);
}

export function writeCommand(file: string, value: number | string): string {
  return `echo ${String(value)} | ${sudo()}tee ${file}`;
}

/** Commands of root's, one after the other as long as they succeed. */
export function rootRemedy(sentence: string, commands: readonly string[]): Remedy {
  return commandRemedy(sentence, commands.map((command) => `${sudo()}${command}`).join(' && '), true);
}

/** What a command of root's begins with. */
export function sudo(): string {
  return process.geteuid?.() === 0 ? '' : 'sudo ';
}
