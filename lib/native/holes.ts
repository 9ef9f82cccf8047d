/** Pages given back, and their reservation. */

/** What {@link HoleFunctions.discard} says of the reservation of a part. */
export const Reservation = { none: 0, kept: 1, lost: 2 } as const;

/** What a discard did. */
export interface DiscardFacts {
  freedBytes: number;
  /** One of {@link Reservation}. */
  reservation: number;
  /** Why the reservation could not be taken back: a failed system call. */
  error?: Error;
}

export interface HoleFunctions {
  /**
   * Gives pages back; offset and length in pages of hugetlb, base pages of other memory. With `keepReservation` takes their reservation
   * back at once; EOPNOTSUPP, and nothing is given back, where that cannot be.
   */
  discard(handle: number, offset: number, length: number, keepReservation: boolean): DiscardFacts;
  /** Takes the reservation of holes back. EOPNOTSUPP: there are some, and this memory has no way to. */
  reserve(handle: number, offset: number, length: number): void;
  holes(handle: number, offset: number, length: number): { offset: number; length: number }[];
}
