/** The pages of private mappings: each once, however many processes have it. */
import { PageState } from '../../native/frames.js';
import type { PageEntries } from '../../native/frames.js';
import { entriesOf } from './page-entries.js';
import type { HugeMapping } from './survey.js';

/** A private mapping, and what it has of its own. */
export interface PrivateMapping extends HugeMapping {
  /** Its pages that are not those of its file. */
  readonly present: number;
  /** All that it maps. */
  readonly pages: number;
}

export interface PrivatePages {
  readonly mappings: readonly PrivateMapping[];
  /** The mappings that have a page, for each page: by its frame, or by its place in what was mapped before fork(2). */
  readonly holders: Iterable<readonly PrivateMapping[]>;
  /** Whether the kernel shows frames. Without them pages that are shared since fork(2) are told by their place, which may be wrong. */
  readonly byFrame: boolean;
}

/** Reads the page maps of private mappings, all of the same page size. */
export async function privatePages(mappings: readonly HugeMapping[]): Promise<PrivatePages> {
  const holders = new Map<number | string, readonly PrivateMapping[]>();
  const read: PrivateMapping[] = [];
  let byFrame = true;
  for (const each of mappings) {
    const entries = await entriesOf(each);
    if (entries === undefined) continue;
    const found = ownPages(each, entries);
    const present = found.length;
    const mapping = { ...each, present, pages: entries.states.length };
    const alone = [mapping];
    read.push(mapping);
    byFrame &&= found.every((key) => typeof key === 'number');
    for (const key of found) {
      const others = holders.get(key);
      holders.set(key, others === undefined ? alone : [...others, mapping]);
    }
  }
  return { mappings: read, holders: holders.values(), byFrame };
}

/** What tells a page from all others, for each page that is not one of the mapped file. */
function ownPages({ process, mapping, pageSize }: HugeMapping, { states, frames }: PageEntries): (number | string)[] {
  const { device, inode, offset, start } = mapping;
  const keys: (number | string)[] = [];
  for (const [index, state] of states.entries()) {
    if ((state & (PageState.present | PageState.file)) !== PageState.present) continue;
    const frame = frames[index] ?? 0;
    const isExclusive = (state & PageState.exclusive) !== 0;
    const place = `${device} ${String(inode)} ${String(offset + index * pageSize)}`;
    const ownPlace = `${String(process.pid)} ${String(start)} ${String(index)}`;
    keys.push(frame !== 0 ? frame : isExclusive ? ownPlace : place);
  }
  return keys;
}
