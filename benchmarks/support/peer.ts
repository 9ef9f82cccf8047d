/** The bare C++ peer (native/peer.cc), as a child that waits for work. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { BackingKind } from 'hugepages';
import { compiled } from './native.js';

/** Ends with this process, whose end closes its standard input. */
export class Peer {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor() {
    const child = spawn(compiled('peer'), { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Populates memory that it maps for this. @returns milliseconds, with the making of the threads and without mmap and munmap */
  async populate(backing: BackingKind, pageSize: number, bytes: number, threads: number): Promise<number> {
    return (await this.#ask(`populate ${backing} ${String(pageSize)} ${String(bytes)} ${String(threads)}`)) / 1e6;
  }

  /** Maps and unmaps one hugetlb page `count` times. @returns nanoseconds each */
  async cycle(pageSize: number, count: number): Promise<number> {
    return (await this.#ask(`cycle ${String(pageSize)} ${String(count)}`)) / count;
  }

  /** Two processes answer each other `count` times. @returns microseconds each */
  async pingpong(count: number): Promise<number> {
    return (await this.#ask(`pingpong ${String(count)}`)) / count / 1000;
  }

  stop(): void {
    this.#child.stdin?.end();
  }

  async #ask(command: string): Promise<number> {
    this.#child.stdin?.write(`${command}\n`);
    const { value } = (await this.#answers.next()) as { value?: string };
    const nanoseconds = Number(value ?? NaN);
    if (Number.isNaN(nanoseconds)) throw new Error(`The C++ peer could not ${command}: ${value ?? 'it is gone'}`);
    return nanoseconds;
  }
}
