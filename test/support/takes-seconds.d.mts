/** Bytes of base pages that take seconds to populate. */
export declare const TAKES_SECONDS: number;
