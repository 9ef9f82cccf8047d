/** What {@link benchTlb} returns. */
import type { Ratio } from '../statistics.js';
import type { BenchBacking, BenchResult, SizedBenchOptions } from '../types.js';

/** What {@link benchTlb} takes. */
export interface BenchTlbOptions extends SizedBenchOptions {
  /** Whether the chase is measured in JavaScript too, which blocks the event loop for milliseconds at a time. Default true. */
  readonly javascript?: boolean;
}

/** Where a level of the TLB ends, seen from one kind of page. */
export interface TlbKnee {
  readonly backing: BenchBacking;
  readonly level: 1 | 2;
  /** Pages of 4 KiB, one line of each touched, that the level maps without a miss. */
  readonly pages: number;
  /** Bytes that these pages are. */
  readonly reach: number;
  /** Nanoseconds that a miss of this level costs beyond it, caches left out. */
  readonly missCost: number;
}

/** What the processor's TLB makes of huge pages. */
export interface PageSizeVerdict {
  readonly backing: BenchBacking;
  /**
   * `whole`: one entry maps a page. `splintered`: smaller ones do, because what is below this kernel backs its memory with smaller pages.
   * `undetermined`: this memory, or this processor, does not show it.
   */
  readonly verdict: 'whole' | 'splintered' | 'undetermined';
  /** Bytes that an entry maps, of the page sizes that this machine knows; undefined where it is not determined. */
  readonly effectivePageSize: number | undefined;
  /** The figures behind it, in a sentence. */
  readonly evidence: string;
  /** Of the places that were looked at, how many need an entry for each base page: 0 to 1; undefined where it is not determined. */
  readonly splinteredShare: number | undefined;
}

/** Base pages by huge ones, at the largest number of pages: above 1, huge pages are faster. */
export interface TlbGain extends Ratio {
  readonly backing: BenchBacking;
  readonly engine: 'native' | 'javascript';
  /** Of 4 KiB. */
  readonly pages: number;
  /** The noise floor at this number of pages. */
  readonly noise: number;
}

/**
 * Figures: `chase` by `pages touched`; `packed`, as many lines side by side, which is what the caches alone cost; `chase by stride`, 256
 * lines by the bytes between them.
 */
export interface BenchTlbResult extends BenchResult {
  readonly benchmark: 'tlb';
  readonly knees: readonly TlbKnee[];
  readonly pageSizes: readonly PageSizeVerdict[];
  readonly gains: readonly TlbGain[];
}
