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
  /** Whether it has one at this offset of what it maps. */
  readonly hasPage: (offset: number) => boolean;
}

/** A page, with all mappings that have it. */
export interface PrivatePage {
  readonly holders: readonly PrivateMapping[];
  /** In what they map; bytes. */
  readonly offset: number;
}

export interface PrivatePages {
  readonly mappings: readonly PrivateMapping[];
  /** Each once: known by its frame, or by its place in what was mapped before fork(2). */
  readonly held: Iterable<PrivatePage>;
  /** Whether the kernel shows frames. Without them pages that are shared since fork(2) are told by their place, which may be wrong. */
  readonly byFrame: boolean;
}

/** Reads the page maps of private mappings, all of the same page size. */
export async function privatePages(mappings: readonly HugeMapping[]): Promise<PrivatePages> {
  const held = new Map<number | string, PrivatePage>();
  const read: PrivateMapping[] = [];
  let byFrame = true;
  for (const each of mappings) {
    const entries = await entriesOf(each);
    if (entries === undefined) continue;
    const found = ownPages(each, entries);
    const mapping = { ...each, present: found.length, pages: entries.states.length, hasPage: pageFinder(each, entries) };
    const alone = [mapping];
    read.push(mapping);
    byFrame &&= found.every(({ key }) => typeof key === 'number');
    for (const { key, offset } of found) {
      const others = held.get(key)?.holders;
      held.set(key, { offset, holders: others === undefined ? alone : [...others, mapping] });
    }
  }
  return { mappings: read, held: held.values(), byFrame };
}

/** Not one of the mapped file. */
function isOwn(state: number): boolean {
  return (state & (PageState.present | PageState.file)) === PageState.present;
}

function pageFinder({ mapping, pageSize }: HugeMapping, { states }: PageEntries): (offset: number) => boolean {
  return (offset) => isOwn(states[(offset - mapping.offset) / pageSize] ?? 0);
}

interface KnownPage {
  readonly key: number | string;
  readonly offset: number;
}

/** What tells a page from all others, for each that is the mapping's own. */
function ownPages({ process, mapping, pageSize }: HugeMapping, { states, frames }: PageEntries): KnownPage[] {
  const { device, inode, start } = mapping;
  const found: KnownPage[] = [];
  for (const [index, state] of states.entries()) {
    if (!isOwn(state)) continue;
    const frame = frames[index] ?? 0;
    const offset = mapping.offset + index * pageSize;
    const isExclusive = (state & PageState.exclusive) !== 0;
    const place = `${device} ${String(inode)} ${String(offset)}`;
    const ownPlace = `${String(process.pid)} ${String(start)} ${String(index)}`;
    found.push({ key: frame !== 0 ? frame : isExclusive ? ownPlace : place, offset });
  }
  return found;
}
