/** A program that waits for work: it answers each line of its standard input with a line. */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** Ends with this process, whose end closes its standard input. */
export class LineProgram {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  constructor(program: string, args: readonly string[] = [], options: Pick<SpawnOptions, 'env'> = {}) {
    this.#child = spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  /** @returns what it answers; undefined when it is gone */
  async answer(line: string): Promise<string | undefined> {
    this.#child.stdin.write(`${line}\n`);
    const { value } = (await this.#answers.next()) as { value?: string };
    return value;
  }

  /** Settles when it has ended, and what it had is given back. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.stdin.end();
    await ended;
  }
}
