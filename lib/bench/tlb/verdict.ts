/** What a chase by stride says of the page size that the TLB sees. */
import { formatSize } from '../../units.js';
import { backingName } from '../backing-name.js';
import type { BenchBacking, BenchFigure } from '../types.js';
import type { PageSizeVerdict } from './types.js';

/** The first level has fewer entries for larger pages, so distances tell page sizes only so exactly. */
const TOLERANCE = 16;

/** Of the latency of the first cache: what is less may be chance. */
const LEAST_RISE = 0.2;

/** What base pages show. */
interface Calibration {
  /** Bytes: the page, and the distance from which on misses cost more than half of what they come to. */
  readonly pageSize: number;
  readonly onset: number;
  /** Nanoseconds: without a miss, with one at each access, and half way. */
  readonly hit: number;
  readonly miss: number;
  readonly threshold: number;
}

/**
 * What the figures of a chase by stride say of each kind of huge page.
 *
 * @param figures - with those of base pages
 * @param known - page sizes that this machine knows
 */
export function judgePageSizes(figures: readonly BenchFigure[], known: readonly number[]): PageSizeVerdict[] {
  const curves = new Map<string, { backing: BenchBacking; curve: BenchFigure[] }>();
  for (const figure of figures) {
    if (figure.backing === undefined) continue;
    const name = backingName(figure.backing);
    curves.set(name, { backing: figure.backing, curve: [...(curves.get(name)?.curve ?? []), figure] });
  }
  const base = [...curves.values()].find(({ backing }) => backing.kind === 'base');
  if (base === undefined) return [];
  const reference = calibrate(base.curve, base.backing.pageSize);
  return [...curves.values()]
    .filter((one) => one !== base)
    .map(({ backing, curve }) => ({
      backing,
      ...(reference === undefined ? NO_MISSES : judge(backing.pageSize, curve, reference, known)),
    }));
}

/** Undefined where base pages show no misses. */
function calibrate(curve: readonly BenchFigure[], pageSize: number): Calibration | undefined {
  const hit = curve[0]?.median ?? NaN;
  const miss = at(curve, pageSize)?.median ?? NaN;
  const threshold = (hit + miss) / 2;
  const onset = onsetOf(curve, threshold);
  return miss > hit * (1 + LEAST_RISE) && onset !== undefined ? { pageSize, onset, hit, miss, threshold } : undefined;
}

type Judgement = Omit<PageSizeVerdict, 'backing'>;

function judge(pageSize: number, curve: readonly BenchFigure[], base: Calibration, known: readonly number[]): Judgement {
  const apart = at(curve, base.pageSize);
  if (apart === undefined) return undetermined('This memory is too little to tell');
  const splinteredShare = apart.samples.filter((sample) => sample >= base.threshold).length / apart.samples.length;
  const seen =
    `256 lines ${formatSize(base.pageSize)} apart: ${ns(apart.median)} an access; ` +
    `${ns(base.miss)} on base pages, ${ns(base.hit)} where no entry of the TLB is missed`;
  const onset = onsetOf(curve, base.threshold);
  if (onset === undefined) {
    const farthest = curve.at(-1)?.parameter.value ?? 0;
    // Pages of the next smaller size would show by now, unless the memory is too little for it.
    const smaller = Math.max(...known.filter((size) => size < pageSize));
    const evidence = `${seen}; none is missed with lines up to ${formatSize(farthest)} apart`;
    if (farthest < (base.onset * smaller) / base.pageSize) return undetermined(`${evidence}, and larger distances take more memory`);
    return { verdict: 'whole', effectivePageSize: pageSize, evidence, splinteredShare };
  }
  const largest = Math.min(pageSize, ((base.pageSize * onset) / base.onset) * TOLERANCE);
  const effectivePageSize = Math.max(...known.filter((size) => size <= largest));
  return {
    verdict: effectivePageSize < pageSize ? 'splintered' : 'whole',
    effectivePageSize,
    evidence: `${seen}; entries are missed with lines ${formatSize(onset)} apart and farther, on base pages ${formatSize(base.onset)}`,
    splinteredShare,
  };
}

function at(curve: readonly BenchFigure[], stride: number): BenchFigure | undefined {
  return curve.find(({ parameter }) => parameter.value === stride);
}

function onsetOf(curve: readonly BenchFigure[], threshold: number): number | undefined {
  return curve.find(({ median }) => median >= threshold)?.parameter.value;
}

function undetermined(evidence: string): Judgement {
  return { verdict: 'undetermined', effectivePageSize: undefined, evidence, splinteredShare: undefined };
}

const NO_MISSES = undetermined('Base pages show no misses of the first level of the TLB on this processor');

function ns(nanoseconds: number): string {
  return `${nanoseconds.toFixed(2)} ns`;
}
