/** Runs a small program that uses the built library, in a process of its own: what it does to that process is the observation. */
import type { SpawnOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startCli } from './cli.js';
import type { CliResult, CliRun } from './cli.js';

/** Options of `spawn`, among them `env`, `uid` and `timeout` in milliseconds. */
export interface ChildOptions extends SpawnOptions {
  /** Options of Node.js itself, such as `--expose-gc`. */
  readonly nodeArgs?: readonly string[];
  /** A command that starts Node.js, such as `unshare -m`. */
  readonly within?: readonly string[];
}

/** How a program ended, and what it wrote. */
export interface ChildResult extends CliResult {
  /** The last line of standard output, which has to be JSON; undefined when nothing was written. */
  readonly json: unknown;
}

// Below the time limit of a test: a program that hangs is killed, and the test says what it wrote.
const TIMEOUT_MS = 50_000;

/** Starts a program that may be watched while it runs. */
export function startChild(program: URL, args: readonly unknown[] = [], options: ChildOptions = {}): CliRun {
  const { nodeArgs = [], within = [], ...others } = options;
  const command = [...within, process.execPath, ...nodeArgs, fileURLToPath(program)];
  return startCli(args.map(String), { timeout: TIMEOUT_MS, killSignal: 'SIGKILL', ...others, command });
}

/** Runs a program to its end. */
export async function runChild(program: URL, args?: readonly unknown[], options?: ChildOptions): Promise<ChildResult> {
  const result = await startChild(program, args, options).result;
  const line = result.stdout.trimEnd().split('\n').at(-1);
  return { ...result, json: line === undefined || line === '' ? undefined : parse(line, result) };
}

function parse(line: string, { stdout, stderr }: CliResult): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    throw new Error(`The last line is not JSON:\n${stdout}\n${stderr}`, { cause });
  }
}
