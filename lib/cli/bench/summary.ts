/** What a benchmark has found, in a few sentences: what its reader wants to know first. */
import type { BenchAdvice } from '../../bench/advise.js';
import { backingName } from '../../bench/backing-name.js';
import { beyondNoise, enoughForSigns } from '../../bench/statistics.js';
import type { PageSizeVerdict, TlbGain } from '../../bench/tlb/types.js';
import type { BenchMachine, BenchResult } from '../../bench/types.js';
import { formatSize } from '../../units.js';
import { figuresInShort } from './figures-in-short.js';
import type { Extras } from './findings.js';
import { percent, quantity } from './numbers.js';

/** `bench tlb` touches a line in each. */
const TOUCHED = 4096;

export function summaryOf({ benchmark, gains = [], pageSizes = [], advice = [], figures, machine }: BenchResult & Extras): string[] {
  const [native, javascript] = ['native', 'javascript'].map((engine) => gains.filter((gain) => gain.engine === engine));
  const rounds = Math.max(0, ...figures.map(({ samples }) => samples.length));
  const accesses = [...new Set(advice.map((one) => one.accesses))];
  return [
    ...gainSentence('Dependent loads', native, rounds),
    ...gainSentence('Dependent loads in JavaScript', javascript, rounds),
    ...splinterSentence(pageSizes, machine),
    ...accesses.map((kind) => {
      const base = figures.find(({ name, backing }) => name === kind && backing?.kind === 'base');
      return adviceSentence(advice.filter((one) => one.accesses === kind), base?.median ?? NaN);
    }),
    ...figuresInShort(benchmark, figures),
  ];
}

function gainSentence(what: string, gains: readonly TlbGain[] = [], rounds: number): string[] {
  if (gains.length === 0) return [];
  const counts = [...new Set(gains.map(({ pages }) => pages))].sort((one, other) => one - other);
  const [least, ...more] = counts.map((pages) => formatSize(pages * TOUCHED));
  const reach = [least, ...more.slice(-1)].join(' to ');
  if (!enoughForSigns(rounds)) return [`${what}, over ${reach}: too few rounds to be sure of a gain.`];
  const seen = gains.filter((gain) => beyondNoise(gain, gain.noise) === 'above');
  const floor = `the noise floor of ${percent(Math.max(...gains.map(({ noise }) => noise)))}`;
  if (seen.length === 0) return [`${what}, over ${reach}: no gain of huge pages is seen beyond ${floor}.`];
  const who = seen.length === gains.length ? 'huge pages' : names(seen);
  return [`${what}, over ${reach}: ${who} are ${range(seen.map(({ ratio }) => ratio))} times as fast as base pages, beyond ${floor}.`];
}

function splinterSentence(pageSizes: readonly PageSizeVerdict[], { virtual }: BenchMachine): string[] {
  const splintered = pageSizes.filter(({ verdict }) => verdict === 'splintered');
  if (splintered.length === 0) return [];
  const sizes = [...new Set(splintered.map(({ effectivePageSize = 0 }) => formatSize(effectivePageSize)))];
  const seen = `The TLB maps ${names(splintered)} pages in pieces of ${sizes.join(' or ')}`;
  if (!virtual) return [`${seen}.`];
  return [
    `${seen}: the host of this virtual machine backs them with small ones.`,
    'Here huge pages shorten the walks for missing entries; where the host uses huge pages, too, they save entries as well.',
  ];
}

function adviceSentence(advice: readonly BenchAdvice[], base: number): string {
  const [best] = advice.filter(({ verdict }) => verdict === 'faster').sort((one, other) => other.ratio - one.ratio);
  const what = `${advice[0]?.accesses ?? ''} accesses`;
  if (best !== undefined) {
    const saved = `saves ${quantity(best.savedNanoseconds, 'ns')} of ${quantity(base, 'ns')} each`;
    return `Of ${what}, ${backingName(best.backing)} ${saved}: ${best.ratio.toFixed(2)} times as fast as base pages.`;
  }
  const floor = `the noise floor of ${percent(Math.max(...advice.map(({ noise }) => noise)))}`;
  if (advice.some(({ verdict }) => verdict === 'slower')) return `Of ${what}, none is faster than on base pages, and some are slower.`;
  const more = advice.some(({ verdict }) => verdict === 'unclear') ? '; more rounds, or a quieter machine, would tell' : '';
  return `Of ${what}, none is faster than on base pages beyond ${floor}${more}.`;
}

function names(ones: readonly { readonly backing: TlbGain['backing'] }[]): string {
  return ones.map(({ backing }) => backingName(backing)).join(', ');
}

/** `1.29 to 1.36` */
function range(values: readonly number[]): string {
  const ends = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(2));
  return [...new Set(ends)].join(' to ');
}
