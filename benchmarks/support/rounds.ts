/** Comparing things on a machine that is never quiet: in turn, many times, and only with what ran beside them. */
import { QUICK, effort } from './quick.js';

/** Runs one sample and says what it cost: one figure, or several of the same run. */
export type Side<Sample = number> = () => Promise<Sample> | Sample;

/**
 * Runs all sides once in each round, in the opposite order in every other round. A first round is not counted: it compiles the code and
 * wakes the processor.
 *
 * @returns the samples of each side, one a round
 */
export async function inTurn<Name extends string, Sample = number>(
  rounds: number,
  sides: Readonly<Record<Name, Side<Sample>>>,
): Promise<Record<Name, Sample[]>> {
  const names = Object.keys(sides) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as Sample[]])) as Record<Name, Sample[]>;
  for (let round = 0; round <= effort(rounds); round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const sample = await sides[name]();
      if (round > 0) samples[name].push(sample);
    }
  }
  return samples;
}

/**
 * Runs a side twice and counts the second. What the first gave back is at hand for the second: a guest hands memory that stays free for
 * seconds back to its hypervisor, and its next touch is many times slower, for whoever it hits.
 */
export function warm(side: Side): Side {
  if (QUICK) return side;
  return async () => {
    await side();
    return side();
  };
}

/** Divides the samples of two sides round by round: a disturbance that lasts for a round is in both and cancels out. */
export function ratios(dividends: readonly number[], divisors: readonly number[]): number[] {
  return dividends.map((dividend, round) => dividend / (divisors[round] ?? NaN));
}
