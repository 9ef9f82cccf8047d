/** How many pages a pool has, and how many of them are surplus: two files, of which the difference matters. */
import { closeSync, openSync, readSync } from 'node:fs';
import { underRoot, unlessMissing } from '../text.js';
import type { RootOptions } from '../text.js';

const AGREEING = 4;
const MOST_READINGS = 100;
const LONGEST_NUMBER = 32;

/** Pages of a pool, or of a node's part of it. */
export interface PoolSize {
  readonly total: number;
  readonly surplus: number;
}

/**
 * Both as of one moment, though surplus pages come and go: the files stay open, so that a reading takes microseconds, and are read until
 * several readings agree.
 *
 * @param directory - of a node without memory there is none, and it has no pages
 */
export function readPoolSize(directory: string, options: RootOptions): PoolSize {
  const total = new NumberFile(`${directory}/nr_hugepages`, options);
  const surplus = new NumberFile(`${directory}/surplus_hugepages`, options);
  try {
    let size = { total: total.read(), surplus: surplus.read() };
    for (let readings = 1, agreeing = 1; agreeing < AGREEING && readings < MOST_READINGS; readings++) {
      const next = { total: total.read(), surplus: surplus.read() };
      agreeing = next.total === size.total && next.surplus === size.surplus ? agreeing + 1 : 1;
      size = next;
    }
    return size;
  } finally {
    total.close();
    surplus.close();
  }
}

/** Zero where there is none. */
class NumberFile {
  readonly #file: string;
  readonly #descriptor: number | undefined;
  readonly #text = Buffer.alloc(LONGEST_NUMBER);

  constructor(path: string, options: RootOptions) {
    this.#file = underRoot(path, options);
    this.#descriptor = unlessMissing(this.#file, () => openSync(this.#file, 'r'));
  }

  read(): number {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return 0;
    const length = unlessMissing(this.#file, () => readSync(descriptor, this.#text, 0, LONGEST_NUMBER, 0)) ?? 0;
    return Number(this.#text.toString('latin1', 0, length));
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }
}
