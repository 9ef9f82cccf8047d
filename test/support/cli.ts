/** Runs the built command line in a child process. */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** How it ended, and what it wrote. */
export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that may be watched while it runs. */
export interface CliRun {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly result: Promise<CliResult>;
  /** Fulfilled when standard output holds the text; rejected when the program ends without it. */
  until(text: string): Promise<void>;
}

/** Starts `hugepages ARGS`, or another command that runs it. */
export function startCli(args: readonly string[], options: SpawnOptions & { command?: readonly string[] } = {}): CliRun {
  const { command = [process.execPath, CLI], ...spawnOptions } = options;
  const [file = '', ...before] = command;
  const child = spawn(file, [...before, ...args], { ...spawnOptions, stdio: ['ignore', 'pipe', 'pipe'] as const });
  const out = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
  const result = once(child, 'close').then(([code, signal]) => ({
    code: code as CliResult['code'],
    signal: signal as CliResult['signal'],
    ...out,
  }));
  return {
    child,
    result,
    until: async (text) => {
      while (!out.stdout.includes(text)) {
        const more = once(child.stdout, 'data').then(() => 'data');
        if ((await Promise.race([more, result])) !== 'data') throw new Error(`ended without '${text}':\n${out.stdout}\n${out.stderr}`);
      }
    },
  };
}

/** Runs `hugepages ARGS` to its end. */
export async function runCli(args: readonly string[], options: SpawnOptions = {}): Promise<CliResult> {
  return startCli(args, options).result;
}
