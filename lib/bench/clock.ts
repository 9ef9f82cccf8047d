/**
 * The clock of the processor, seen by the time that a load from its first cache takes: that takes a fixed number of cycles, and how long a
 * cycle is changes with load, heat, and what others run beside.
 */
import { performance } from 'node:perf_hooks';
import { LINE, followChase, layChase } from './chase.js';

/** Few enough for any first cache and its part of the TLB. */
const words = new Uint32Array((16 * LINE) / Uint32Array.BYTES_PER_ELEMENT);
const STEPS = 4096;
/** The fastest of these was not disturbed, nor compiled meanwhile. */
const TRIES = 20;

/** Nanoseconds of such a load, now: in JavaScript, in a tenth of a millisecond. */
export function clockNow(): number {
  layChase(words, { stride: LINE });
  const tries = Array.from({ length: TRIES }, () => {
    const begin = performance.now();
    followChase(words, STEPS);
    return ((performance.now() - begin) * 1e6) / STEPS;
  });
  return Math.min(...tries);
}
