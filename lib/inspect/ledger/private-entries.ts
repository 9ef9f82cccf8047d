/** The rows of private mappings: one for each set of processes that have pages in common. */
import { keepsReservations, kernelVersion } from '../../host/kernel-version.js';
import { inheritedClaim, privateClaim } from './claims.js';
import type { Draft, Entry } from './entry.js';
import { groupBy } from './group-by.js';
import { Holders } from './holders.js';
import { lineages } from './lineage.js';
import type { Lineage } from './lineage.js';
import { factsOf } from './objects.js';
import type { PrivateMapping, PrivatePages } from './private-pages.js';

export function privateEntries({ mappings, holders }: PrivatePages): Entry[] {
  const known = lineages(mappings, factsOf);
  const lineageOf = (mapping: PrivateMapping): Lineage => known.get(mapping) ?? 'unknown';
  const keeps = keepsReservations(kernelVersion({}));
  const drafts = new Drafts();
  const used = countPages(holders).map(([some, pages]): Entry => {
    return { ...drafts.entry(some), used: pages, claim: inheritedClaim(pages, some.map(lineageOf)) };
  });
  const reserved = mappings.map((mapping): Entry => {
    return { ...drafts.entry([mapping]), used: 0, claim: privateClaim(mapping, lineageOf(mapping), keeps) };
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

/** How many pages the same mappings have. */
function countPages(holders: PrivatePages['holders']): [mappings: readonly PrivateMapping[], pages: number][] {
  const counts = new Map<readonly PrivateMapping[], number>();
  for (const some of holders) counts.set(some, (counts.get(some) ?? 0) + 1);
  const ids = new Map<PrivateMapping, number>();
  const idOf = (mapping: PrivateMapping): number => ids.get(mapping) ?? ids.set(mapping, ids.size).size - 1;
  const same = groupBy(counts, ([some]) => some.map(idOf).sort().join());
  return [...same.values()].map((group) => [group[0]?.[0] ?? [], group.reduce((sum, [, pages]) => sum + pages, 0)]);
}
