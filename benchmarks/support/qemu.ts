/** A QEMU that runs no machine and makes memory for one, by commands of QMP. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { NotInstalled } from './unavailable.js';

const PROGRAM = 'qemu-system-x86_64';
const OPTIONS = ['-machine', 'none', '-no-user-config', '-nodefaults', '-display', 'none', '-qmp', 'stdio'];
const BACKEND = 'memory';

interface Message {
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
  readonly QMP?: { readonly version: { readonly qemu: { readonly major: number; readonly minor: number; readonly micro: number } } };
}

/** The kernel ends it with this process, however that ends. */
export class Qemu {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;
  version = '';

  /** @throws NotInstalled */
  static async start(): Promise<Qemu> {
    try {
      execFileSync(PROGRAM, ['--version'], { stdio: 'ignore' });
    } catch (error) {
      throw new NotInstalled('QEMU', 'apt-get install -y --no-install-recommends qemu-system-x86', { cause: error });
    }
    const qemu = new Qemu();
    const { QMP: greeting } = await qemu.#message();
    const { major, minor, micro } = greeting?.version.qemu ?? { major: NaN, minor: NaN, micro: NaN };
    qemu.version = [major, minor, micro].join('.');
    await qemu.#milliseconds(JSON.stringify({ execute: 'qmp_capabilities' }));
    return qemu;
  }

  private constructor() {
    this.#child = spawn('setpriv', ['--pdeathsig', 'KILL', PROGRAM, ...OPTIONS], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  /**
   * Adds a memory backend.
   *
   * @param properties - such as `{ 'qom-type': 'memory-backend-memfd', size: 2 ** 30, prealloc: true }`
   * @returns milliseconds, without what QEMU takes to read a command of this length: it reads byte by byte
   */
  async add(properties: Readonly<Record<string, unknown>>): Promise<number> {
    const command = JSON.stringify({ execute: 'object-add', arguments: { id: BACKEND, ...properties } });
    const nothing = JSON.stringify({ execute: 'query-name' });
    await this.#milliseconds(nothing); // not counted: the first after a gigabyte was zeroed finds nothing of itself in the caches
    const reading = await this.#milliseconds(nothing.padStart(command.length));
    return (await this.#milliseconds(command)) - reading;
  }

  /** Removes it. The memory is given back a little later, by another thread. */
  async remove(): Promise<void> {
    await this.#milliseconds(JSON.stringify({ execute: 'object-del', arguments: { id: BACKEND } }));
  }

  /** Settles when it has ended. */
  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#send(JSON.stringify({ execute: 'quit' }));
    await ended;
  }

  async #milliseconds(command: string): Promise<number> {
    const start = performance.now();
    this.#send(command);
    for (;;) {
      const { return: done, error } = await this.#message();
      if (error !== undefined) throw new Error(`QEMU: ${error.desc}`);
      if (done !== undefined) return performance.now() - start; // else an event
    }
  }

  #send(command: string): void {
    this.#child.stdin.write(`${command}\n`);
  }

  async #message(): Promise<Message> {
    const { value } = (await this.#lines.next()) as { value?: string };
    if (value === undefined) throw new Error('QEMU is gone');
    return JSON.parse(value) as Message;
  }
}
