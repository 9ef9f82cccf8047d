/** What the doctor says. */
import type { Remedy } from '../remedy.js';

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at; of several such things with a subject, as in `pool:2MiB`. Stable, and once in a list. */
  readonly id: string;
  /** `problem`: something fails. `advice`: it works, and could be better. */
  readonly level: 'ok' | 'advice' | 'problem';
  /** The state of it, in a few words. */
  readonly title: string;
  /** What follows from that. */
  readonly detail: string;
  readonly remedy?: Remedy;
}
