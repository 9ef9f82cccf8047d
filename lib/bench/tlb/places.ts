/**
 * Where in its memory a round looks: each at another place. Which frames the kernel has given there decides what a walk through the page
 * tables costs, those of a hypervisor above all; a profile of one place would tell of its frames, and of others the next time.
 */
import type { Region } from '../../region/region.js';

/** @returns bytes from the start of the region: evenly over it, at the start of a page */
export function placeOf(round: number, rounds: number, { byteLength, pageSize }: Region, footprint: number): number {
  const room = byteLength - footprint;
  return Math.floor((room * round) / Math.max(1, rounds - 1) / pageSize) * pageSize;
}
