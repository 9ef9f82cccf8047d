/** Regions that degrade instead of dying by SIGBUS. */

export interface SurvivalFunctions {
  /** Pages of `survivalPageSize` that are base pages now. */
  degraded(handle: number): number;
  /** The offsets of what was degraded since the last call, oldest first, and how many older ones the log has forgotten. */
  takeDegraded(handle: number): { offsets: number[]; missed: number };
  /** Has `callback` called on the event loop, which it does not keep alive, after any region of the process was degraded. */
  onDegraded(callback: () => void): void;
}
