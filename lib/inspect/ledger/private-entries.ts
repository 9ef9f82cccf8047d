/** The rows of private mappings: one for each set of processes that have pages in common. */
import { keepsReservations, kernelVersion } from '../../host/kernel-version.js';
import { inheritedClaim, privateClaim } from './claims.js';
import type { Draft, Entry } from './entry.js';
import { groupBy } from './group-by.js';
import { Holders } from './holders.js';
import { Inheritance } from './inheritance.js';
import { familyOf } from './lineage.js';
import type { PrivateMapping, PrivatePage, PrivatePages } from './private-pages.js';

export function privateEntries({ mappings, held }: PrivatePages): Entry[] {
  const keeps = keepsReservations(kernelVersion({}));
  const inheritance = new Inheritance(mappings);
  const drafts = new Drafts();
  const inherited = new Map<PrivateMapping, number>();
  const used = pagesByHolders(held).map((pages): Entry => {
    const { holders } = pages[0] ?? { holders: [] };
    const [first, ...others] = holders;
    const open = keeps ? pages.filter((page) => inheritance.isOpen(page)).length : 0;
    const entry = { ...drafts.entry(holders), used: pages.length };
    if (first !== undefined && others.length === 0 && inheritance.lineageOf(first) !== 'heir') {
      inherited.set(first, open);
      return { ...entry, claim: undefined };
    }
    const isLikely = holders.some((each) => inheritance.lineageOf(each) === 'likely');
    return { ...entry, claim: open === 0 ? undefined : inheritedClaim(open, isLikely) };
  });
  // What one process has of one origin is from there as a whole, also where it was parted since.
  const shares = groupBy(mappings, (each) => `${String(each.process.pid)} ${familyOf(each)}`);
  const reserved = [...shares.values()].map((share): Entry => {
    const [first] = share;
    const reserves = first !== undefined && !first.mapping.flags.includes('nr');
    const missing = sum(share.map(({ pages, present }) => pages - present));
    const own = { missing, inherited: sum(share.map((each) => inherited.get(each) ?? 0)) };
    const claim = reserves ? privateClaim({ lineage: inheritance.lineageOf(first), ...own }, keeps) : undefined;
    return { ...drafts.entry(share), used: 0, claim };
  });
  return [...used, ...reserved];
}

class Drafts {
  readonly #drafts = new Map<string, Draft>();

  entry(mappings: readonly PrivateMapping[]): Pick<Entry, 'draft' | 'device'> {
    const processes = [...new Set(mappings.map(({ process }) => process))].sort((a, b) => a.pid - b.pid);
    const key = processes.map(({ pid }) => pid).join();
    const holders = processes.reduce((found, process) => found.add(process, 'mapped'), new Holders()).list();
    const draft = this.#drafts.get(key) ?? { kind: 'private', used: 0, holders };
    this.#drafts.set(key, draft);
    return { draft, device: mappings[0]?.mapping.device };
  }
}

/** The pages that the same mappings have. */
function pagesByHolders(held: PrivatePages['held']): PrivatePage[][] {
  const ids = new Map<PrivateMapping, number>();
  const idOf = (mapping: PrivateMapping): number => ids.get(mapping) ?? ids.set(mapping, ids.size).size - 1;
  // Those of one mapping alone share the list: few lists are looked at.
  const lists = groupBy(held, ({ holders }) => holders);
  const same = groupBy(lists, ([holders]) => holders.map(idOf).sort().join());
  return [...same.values()].map((group) => group.flatMap(([, pages]) => pages));
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
