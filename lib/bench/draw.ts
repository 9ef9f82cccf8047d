/** Numbers without a pattern, the same for the same seed: those of native/core/draw.h. */

/** Mulberry32, by Tommy Ettinger. */
export class Draw {
  #state: number;

  /** @param seed - 32 bits */
  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** 32 bits. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A whole number below `limit`, which is at most 2^32. */
  below(limit: number): number {
    const number = this.next();
    // The upper half of a product of 64 bits, by halves of 16 bits that doubles multiply exactly.
    const low = Math.floor(((number & 0xffff) * limit) / 0x10000);
    return Math.floor(((number >>> 16) * limit + low) / 0x10000);
  }
}
