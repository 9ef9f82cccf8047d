/** The regions that a cache keeps: found by what they are, given up oldest first. */
import type { BackingKind } from '../../host/explain/types.js';
import { Hold } from '../hold.js';
import { zero } from '../zero.js';

/** One region without a holder. */
export interface Kept {
  readonly key: string;
  readonly backing: BackingKind;
  readonly pageSize: number;
  readonly byteLength: number;
  readonly hold: Hold;
  /** `performance.now()` when it was released. */
  readonly since: number;
  /** Settles when it can be handed out, with false when it cannot. */
  readonly ready: Promise<boolean>;
}

export class Shelf {
  /** Oldest first. */
  #kept: Kept[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get kept(): readonly Kept[] {
    return this.#kept;
  }

  /** @param threads - to scrub it with, 0 for not at all */
  put(key: string, handle: number, threads: number): Kept {
    const hold = new Hold({}, { handle });
    const { backing, pageSize, byteLength } = hold.target;
    const ready = threads === 0 ? Promise.resolve(true) : scrub(hold, threads);
    const entry: Kept = { key, backing, pageSize, byteLength, hold, since: performance.now(), ready };
    this.add(entry);
    void ready.then((isReady) => {
      if (!isReady) this.discard(({ hold: other }) => other === hold);
    });
    return entry;
  }

  add(entry: Kept): void {
    this.#kept.push(entry);
    this.#bytes += entry.byteLength;
  }

  /** The newest of a key, whose pages are likeliest to be near. */
  take(key: string): Kept | undefined {
    const entry = this.#kept.findLast((one) => one.key === key);
    if (entry !== undefined) this.#remove(entry);
    return entry;
  }

  /** Gives pages back, oldest first. @returns bytes */
  discard(isWanted: (entry: Kept) => boolean): number {
    const before = this.#bytes;
    for (const entry of [...this.#kept]) {
      if (!isWanted(entry)) continue;
      this.#remove(entry);
      entry.hold.release();
    }
    return before - this.#bytes;
  }

  #remove(entry: Kept): void {
    this.#kept = this.#kept.filter((one) => one !== entry);
    this.#bytes -= entry.byteLength;
  }
}

/** A region that is given up meanwhile, or whose pages are not all there, is of no use. */
async function scrub(hold: Hold, threads: number): Promise<boolean> {
  try {
    const { holeBytes } = await zero(hold, hold.part(0, undefined), { threads, signal: undefined, onProgress: undefined });
    return holeBytes === 0;
  } catch {
    return false;
  }
}
