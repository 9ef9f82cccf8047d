/** What a user may measure, and what the types keep from being asked. Compiled, never run. */
import { benchAdvise, benchFork, benchTlb, compareBenches, followChase, layChase } from 'hugepages';
import type {
  BenchAdvice,
  BenchComparison,
  BenchDifference,
  BenchFigure,
  BenchProgress,
  BenchResult,
  BenchTlbOptions,
  BenchTlbResult,
  PageSizeVerdict,
} from 'hugepages';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only when its type argument is `true`. */
declare function same<_ extends true>(): void;

export async function profile(options: BenchTlbOptions): Promise<string> {
  const onProgress = ({ done, total }: BenchProgress): number => done / total;
  const result = await benchTlb({
    ...options,
    bytes: '1GiB',
    rounds: 5,
    growPools: true,
    javascript: false,
    onProgress,
    signal: AbortSignal.timeout(1),
  });
  same<Equal<typeof result, BenchTlbResult>>();
  same<Equal<BenchTlbResult['pageSizes'], readonly PageSizeVerdict[]>>();
  same<Equal<PageSizeVerdict['effectivePageSize'], number | undefined>>();
  same<Equal<BenchFigure['better'], 'lower' | 'higher'>>();
  same<Equal<BenchFigure['clock'], number>>();
  // @ts-expect-error: results are read, not written
  result.notes = [];
  // @ts-expect-error: there is no such option
  await benchTlb({ size: '1GiB' });
  return result.pageSizes.map(({ verdict }) => verdict).join();
}

export async function advise(): Promise<readonly BenchAdvice[]> {
  // @ts-expect-error: what is to be measured has to be said
  await benchAdvise({ pattern: 'random' });
  // @ts-expect-error: there is no such pattern
  await benchAdvise({ pattern: 'sequential', bytes: 1 });
  return (await benchAdvise({ pattern: 'stride', bytes: 2n ** 21n, stride: 4096 })).advice;
}

export async function compare(before: BenchResult): Promise<BenchComparison> {
  const after = await benchFork();
  same<Equal<typeof after, BenchResult>>();
  same<Equal<BenchDifference['byClock'], number>>();
  return compareBenches(before, after);
}

export function chase(words: Uint32Array): number {
  return followChase(words, layChase(words, { stride: 64, count: 2, seed: 1 }));
}
