/** Bytes of base pages that take seconds to populate: no pause of a thread is long enough to come too late for what is under way. */
export const TAKES_SECONDS = 4 * 2 ** 30;
