/** The other process, as the benchmark sees it. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { inCheckout } from '../support/root.js';

export class SharingPeer {
  readonly #child: ChildProcess = fork(inCheckout('benchmarks/sharing/peer.mjs'));

  /** Lets it begin something that it ends by itself. @returns milliseconds that it took there, when it has ended */
  async begin(...request: unknown[]): Promise<{ ended: Promise<number> }> {
    this.#child.send(request);
    await this.#message();
    return { ended: this.#message() as Promise<number> };
  }

  /** @returns milliseconds that it took there */
  async attach(token: object): Promise<number> {
    this.#child.send(['attach', token] as never);
    return (await this.#message()) as number;
  }

  stop(): void {
    this.#child.disconnect();
  }

  async #message(): Promise<unknown> {
    return ((await once(this.#child, 'message')) as unknown[])[0];
  }
}
