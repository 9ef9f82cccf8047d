/** The command line in a terminal: a pseudo terminal made by script(1) of util-linux. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { CLI } from './cli.js';

/** A program in a terminal that may be typed at. */
export interface TerminalRun {
  /** What the terminal was sent so far. */
  readonly output: () => string;
  /** Fulfilled when the output holds the text behind what it held at the last call. */
  until(text: string): Promise<void>;
  /** Types, as `\x03` for ^C. */
  type(keys: string): void;
  /** Changes the size of the terminal. */
  resize(rows: number, columns: number): void;
  /** Sends the program a signal. */
  kill(signal: NodeJS.Signals): void;
  /** The exit code of the shell that ran it, 128 and more after a signal. */
  readonly ended: Promise<number>;
}

const POLL_MS = 20;

/** Runs `hugepages ARGS` in a terminal of 80 columns and 24 rows; the shell says its name, its process and how it ended. */
export function startInTerminal(args: readonly string[], environment: NodeJS.ProcessEnv = {}): TerminalRun {
  const program = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(' ');
  // The shell is in the terminal's foreground too, and shall outlive what is typed at the program.
  const script = `trap : INT QUIT; stty rows 24 cols 80; echo "terminal $(tty) shell $$"; ${program}; echo "ended $?"`;
  const child = spawn('script', ['-qfec', script, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm', SHELL: '/bin/sh', ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const closed = once(child, 'close');
  const of = (pattern: RegExp): string => pattern.exec(output)?.[1] ?? '';
  return {
    output: () => output,
    until: async (text) => {
      for (let at = -1; at === -1; at = output.indexOf(text, seen)) {
        if (child.exitCode !== null) throw new Error(`ended without '${text}':\n${JSON.stringify(output)}`);
        await delay(POLL_MS);
      }
      seen = output.length;
    },
    type: (keys) => child.stdin.write(keys),
    resize: (rows, columns) => {
      spawnSync('stty', ['-F', of(/terminal (\S+)/), 'rows', String(rows), 'cols', String(columns)], { stdio: 'inherit' });
    },
    kill: (signal) => {
      const shell = of(/shell (\d+)/);
      const [pid] = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').split(' ');
      process.kill(Number(pid), signal);
    },
    ended: closed.then(() => Number(of(/ended (\d+)/))),
  };
}
