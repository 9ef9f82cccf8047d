/** What a run of all benchmarks found, in one: how this package compares with its peers, and whether the README is right. */
import type { BenchMachine } from '../../lib/bench/types.js';
import type { Finding, Measure, Omission } from '../support/measure.js';
import { isAsItShouldBe } from '../support/report.js';
import type { Result } from '../support/report.js';
import { CLAIMS } from './claims.js';
import type { Claim } from './claims.js';

/** A ratio by a peer. */
export interface Comparison extends Measure {
  readonly peer: string;
}

/** A line of the README, beside what this run saw. */
export interface SeenClaim {
  readonly claim: Claim;
  /** The least and the greatest median of all figures that show it; undefined where none was measured. */
  readonly seen?: { readonly low: number; readonly high: number };
  readonly verdict: 'holds' | 'below' | 'above' | 'wider' | 'not measured';
}

export interface Summary {
  /** ISO 8601, when the last benchmark ended. */
  readonly date: string;
  /** {@link Result.quick} of any of them. */
  readonly quick: boolean;
  readonly machine: BenchMachine | undefined;
  readonly comparisons: readonly Comparison[];
  readonly claims: readonly SeenClaim[];
  readonly omissions: readonly Omission[];
  /** Findings that are as they should be. */
  readonly passed: number;
  readonly failed: number;
}

/** @param names - of all benchmarks, in the order of the table */
export function summarizeResults(names: readonly string[], results: readonly Result[]): Summary {
  const found = names.flatMap((name): readonly Finding[] => {
    const result = results.find(({ benchmark }) => benchmark === name);
    return result?.findings ?? [{ name, reason: 'this benchmark did not come to its end', because: 'failed' }];
  });
  const measures = found.filter((finding): finding is Measure => !('reason' in finding));
  const passed = found.filter(isAsItShouldBe).length;
  return {
    date: results.map(({ date }) => date).sort().at(-1) ?? '',
    quick: results.some(({ quick }) => quick),
    machine: results[0]?.machine,
    comparisons: measures.filter((measure): measure is Comparison => measure.peer !== undefined),
    claims: Object.entries(CLAIMS).map(([name, claim]) => judge(claim, measures.filter((measure) => measure.claim === name))),
    omissions: found.filter((finding): finding is Omission => 'reason' in finding),
    passed,
    failed: found.length - passed,
  };
}

function judge(claim: Claim, measures: readonly Measure[]): SeenClaim {
  if (measures.length === 0) return { claim, verdict: 'not measured' };
  const medians = measures.map(({ value }) => value.median);
  const seen = { low: Math.min(...medians), high: Math.max(...medians) };
  const [below, above] = [seen.low < claim.low, seen.high > claim.high];
  return { claim, seen, verdict: below && above ? 'wider' : below ? 'below' : above ? 'above' : 'holds' };
}
