/** Runs of pages, as the addon's columns tell them. */
import { PageState } from './native/frames.js';
import type { PageRuns } from './native/pages.js';

/** In which state all pages of a run are. */
export interface RunState {
  /** Bytes per page-table entry; the base page for what is absent outside hugetlb. */
  readonly pageSize: number;
  readonly present: boolean;
  readonly swapped: boolean;
  /** Written since `/proc/PID/clear_refs` was; false where the kernel does not note it (CONFIG_MEM_SOFT_DIRTY). */
  readonly softDirty: boolean;
  /** Of a file or of shared memory; false: the process's own, such as what it wrote to a private mapping of a file. */
  readonly file: boolean;
  /** Mapped by this process alone. */
  readonly exclusive: boolean;
  /** The NUMA node of what is present, where the kernel tells. */
  readonly node?: number;
  /** Frame number of the run's first base page; frames of a run are contiguous. Only with CAP_SYS_ADMIN. JSON has no bigints. */
  readonly pfn?: bigint;
}

/** What `place` makes of the start of each run, from the columns' origin, and its length; with its state. */
export function mapRuns<T extends object>(columns: PageRuns, place: (offset: number, length: number) => T): (T & RunState)[] {
  const { offsets, lengths } = columns;
  return Array.from(offsets, (offset, run) => withState(place(offset, lengths[run] ?? 0), columns, run));
}

/** Adds to the object: of half a million runs, copies would take longer than the kernel does. */
function withState<T extends object>(place: T, { pageSizes, states, frames, nodes }: PageRuns, run: number): T & RunState {
  const described = place as T & { -readonly [Fact in keyof RunState]: RunState[Fact] };
  const state = states[run] ?? 0;
  const node = nodes[run] ?? -1;
  const frame = frames[run] ?? 0;
  described.pageSize = pageSizes[run] ?? 0;
  described.present = (state & PageState.present) !== 0;
  described.swapped = (state & PageState.swapped) !== 0;
  described.softDirty = (state & PageState.softDirty) !== 0;
  described.file = (state & PageState.file) !== 0;
  described.exclusive = (state & PageState.exclusive) !== 0;
  if (node >= 0) described.node = node;
  if (frame > 0) described.pfn = BigInt(frame);
  return described;
}

/** Bytes of what is present. */
export function presentBytes(runs: readonly { readonly present: boolean; readonly length: number }[]): number {
  return runs.reduce((sum, { present, length }) => sum + (present ? length : 0), 0);
}
