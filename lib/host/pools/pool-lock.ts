/** One change of a pool at a time: the kernel is told how many pages there shall be, not how many more. */
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { native } from '../../native.js';
import { fileError, underRoot } from '../text.js';
import type { RootOptions } from '../text.js';
import { pagesFile } from './pools.js';

const RETRY_MS = 5;
// Every user may lock a file that he may read: nobody is kept waiting for good.
const PATIENCE_MS = 30_000;

/** Of this thread. */
const locked = new Set<string>();

/** An flock(2) on `nr_hugepages`, which ends with the process at the latest. */
export class PoolLock {
  readonly #file: string;
  #descriptor: number | undefined;

  constructor(pageSize: number, options: RootOptions) {
    this.#file = underRoot(pagesFile(pageSize), options);
  }

  /** Does not wait for this thread itself, which would have to go on first. */
  acquireSync(): void {
    const end = Date.now() + PATIENCE_MS;
    while (!locked.has(this.#file) && !this.#try() && Date.now() < end) pauseSync(RETRY_MS);
  }

  async acquire(signal: AbortSignal | undefined): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while ((locked.has(this.#file) || !this.#try()) && Date.now() < end) await delay(RETRY_MS, undefined, { signal });
  }

  /** Also of what was not acquired. */
  release(): void {
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    locked.delete(this.#file);
  }

  #try(): boolean {
    try {
      const descriptor = openSync(this.#file, 'r');
      if (native.tryLock(descriptor)) {
        this.#descriptor = descriptor;
        locked.add(this.#file);
        return true;
      }
      closeSync(descriptor);
      return false;
    } catch (error) {
      throw fileError(`Could not lock ${this.#file}`, this.#file, error);
    }
  }
}

/** On the event loop, which stands still meanwhile. */
export function pauseSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
