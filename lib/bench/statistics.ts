/** What may be said of a few samples of a machine that is never quiet. Nothing here supposes how they are distributed. */

/** Samples in short. */
export interface Summary {
  readonly median: number;
  /** The median absolute deviation from the median, in the unit of the samples: half of them are no farther away. */
  readonly mad: number;
  /** 95 % confidence interval of the median; from six samples on, below that their extremes. */
  readonly low: number;
  readonly high: number;
}

/** How two sides compare. Above 1, the dividend is larger. */
export interface Ratio {
  readonly ratio: number;
  /** 95 % confidence interval. */
  readonly low: number;
  readonly high: number;
}

/** What lies outside of a 95 % interval, on either side; and where that begins in a normal distribution. */
const TAIL = 0.025;
const Z = 1.959964;

export function median(samples: readonly number[]): number {
  return quantile(ascending(samples), 0.5);
}

/** At least one sample. */
export function summarize(samples: readonly number[]): Summary {
  const sorted = ascending(samples);
  const middle = quantile(sorted, 0.5);
  const [low, high] = medianInterval(sorted);
  return { median: middle, mad: median(samples.map((sample) => Math.abs(sample - middle))), low, high };
}

/**
 * The ratio of two sides that took turns: the median of the ratios of the rounds, and not the ratio of two medians, because what disturbs
 * a round disturbs both sides of it.
 */
export function pairedRatio(dividends: readonly number[], divisors: readonly number[]): Ratio {
  const ratios = ascending(dividends.map((dividend, round) => dividend / (divisors[round] ?? NaN)));
  const [low, high] = medianInterval(ratios);
  return { ratio: quantile(ratios, 0.5), low, high };
}

/**
 * The ratio of two sides that were measured apart: the median of all ratios of a sample of one and a sample of the other (Hodges and
 * Lehmann), with the interval of the rank sum test (Mann and Whitney); where they are not {@link enoughForRanks}, the extremes.
 */
export function unpairedRatio(dividends: readonly number[], divisors: readonly number[]): Ratio {
  const ratios = ascending(dividends.flatMap((dividend) => divisors.map((divisor) => dividend / divisor)));
  const left = Math.max(0, outermostRanks(dividends.length, divisors.length));
  return { ratio: quantile(ratios, 0.5), low: ratios[left] ?? NaN, high: ratios[ratios.length - 1 - left] ?? NaN };
}

/** Whether so many samples of two sides have a 95 % interval at all: four of each do, three do not. */
export function enoughForRanks(one: number, other: number): boolean {
  return outermostRanks(one, other) >= 0;
}

/** How many of the ratios lie outside of their 95 % interval, on either side: the rank sum is nearly normal, and changes by one. */
function outermostRanks(one: number, other: number): number {
  const pairs = one * other;
  return Math.floor(pairs / 2 - Z * Math.sqrt((pairs * (one + other + 1)) / 12) - 0.5);
}

/** Whether so many samples have a 95 % interval of their median at all. */
export function enoughForSigns(count: number): boolean {
  return 0.5 ** count <= TAIL;
}

/**
 * Where the interval of a ratio lies: beyond what is no difference, on one side, within that, or `unclear`, across its bounds.
 *
 * @param noise - as a share, what chance alone may make of 1
 * @param expected - a ratio that is no difference either, nor what lies between it and 1
 */
export function beyondNoise(
  { low, high }: Pick<Ratio, 'low' | 'high'>,
  noise: number,
  expected = 1,
): 'above' | 'below' | 'within' | 'unclear' {
  const [least, most] = [Math.min(1, expected) / (1 + noise), Math.max(1, expected) * (1 + noise)];
  if (low > most) return 'above';
  if (high < least) return 'below';
  return low >= least && high <= most ? 'within' : 'unclear';
}

/** By the sign test: how many of the samples lie below the median is binomial, whatever they are. */
function medianInterval(sorted: readonly number[]): [low: number, high: number] {
  const count = sorted.length;
  let probability = 0.5 ** count; // that none lies below
  let tail = probability;
  let left = 0;
  while (left < (count - 1) / 2) {
    probability *= (count - left) / (left + 1);
    if (tail + probability > TAIL) break;
    tail += probability;
    left++;
  }
  return [sorted[left] ?? NaN, sorted[count - 1 - left] ?? NaN];
}

function ascending(samples: readonly number[]): number[] {
  return [...samples].sort((a, b) => a - b);
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? NaN;
  return below + ((sorted[Math.ceil(place)] ?? NaN) - below) * (place - Math.floor(place));
}
