/** What to do about something: a sentence, and a command to paste into a shell. */

/** What mends something. */
export interface Remedy {
  /** What it does, without the command. */
  readonly sentence: string;
  /** For a shell of the user that it was made for: with `sudo` where that is not root. */
  readonly command?: string;
  /** Whether the command has to be root's. */
  readonly needsRoot: boolean;
}

/** Writes a value into a kernel file; `uid` is the user who pastes it. */
export function writeRemedy(sentence: string, value: string | number, file: string, uid: number): Remedy {
  return { sentence, command: `echo ${String(value)} | ${sudo(uid)}tee ${file}`, needsRoot: true };
}

/** Runs a command as root; `uid` is the user who pastes it. */
export function rootRemedy(sentence: string, command: readonly string[], uid: number): Remedy {
  return { sentence, command: command.map((part) => `${sudo(uid)}${part}`).join(' && '), needsRoot: true };
}

function sudo(uid: number): string {
  return uid === 0 ? '' : 'sudo ';
}
