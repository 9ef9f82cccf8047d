/** Who has pages from whom: what the lineage of mappings means for each of their pages. */
import { familyOf, lineages } from './lineage.js';
import type { Lineage } from './lineage.js';
import { groupBy } from './group-by.js';
import { factsOf } from './objects.js';
import type { PrivateMapping, PrivatePage } from './private-pages.js';

export class Inheritance {
  readonly #lineages: ReadonlyMap<PrivateMapping, Lineage>;
  readonly #makers: ReadonlyMap<string, readonly PrivateMapping[]>;

  constructor(mappings: readonly PrivateMapping[]) {
    this.#lineages = lineages(mappings, factsOf);
    this.#makers = groupBy(
      mappings.filter((each) => ['maker', 'likely'].includes(this.lineageOf(each))),
      familyOf,
    );
  }

  lineageOf(mapping: PrivateMapping): Lineage {
    return this.#lineages.get(mapping) ?? 'unknown';
  }

  /** Whether the page may be of a maker who has it no more, and whose reservation is given back with it. */
  isOpen({ holders, offset }: PrivatePage): boolean {
    const [first] = holders;
    if (first === undefined || first.mapping.flags.includes('nr') || holders.some((each) => this.lineageOf(each) === 'maker')) return false;
    // Who has another page there has one because somebody has written to it: the maker, who left this one, or who has this one.
    return !(this.#makers.get(familyOf(first)) ?? []).some((maker) => !holders.includes(maker) && maker.hasPage(offset));
  }
}
