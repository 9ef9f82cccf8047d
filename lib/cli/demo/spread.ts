/** Several samples of one figure, and what may be said of them. */

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** At least one sample. */
export function spread(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return { min: at(0), median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, max: at(sorted.length - 1) };
}

/** Claims a difference only when every round agrees on it. @param ratio - above 1, the region is faster */
export function verdict(ratio: Spread): string {
  if (ratio.min > 1) return `the region was faster in every round, ${ratio.median.toFixed(2)} times at the median`;
  if (ratio.max < 1) return `the region was slower in every round, ${(1 / ratio.median).toFixed(2)} times at the median`;
  return 'no gain seen: the rounds do not agree on which is faster';
}
