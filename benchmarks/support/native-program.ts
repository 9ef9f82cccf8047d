/** A program of benchmarks/native that waits for work: see answers.h there. */
import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Ends with this process, whose end closes its standard input. */
export class NativeProgram {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(program: string, args: readonly string[] = [], options: Pick<SpawnOptions, 'env'> = {}) {
    const child = spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  /** Sends a command. @returns the nanoseconds that it took, as the program counts them */
  async ask(command: string): Promise<number> {
    this.#child.stdin?.write(`${command}\n`);
    const { value } = (await this.#answers.next()) as { value?: string };
    const nanoseconds = Number(value ?? NaN);
    if (Number.isNaN(nanoseconds)) throw new Error(`${this.#child.spawnfile} could not ${command}: ${value ?? 'it is gone'}`);
    return nanoseconds;
  }

  /** Settles when it has ended, and what it had is given back. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await ended;
  }
}
