/** What huge pages would gain for a pattern of accesses, measured. */
import { checkOneOf } from '../arguments.js';
import { outOfRange } from '../errors.js';
import { parseSize } from '../units.js';
import type { Size } from '../units.js';
import { LINE } from './chase.js';
import { Memories } from './memories.js';
import type { Memory } from './memories.js';
import { compareInTurn } from './rounds.js';
import { calibrate, sample } from './sample.js';
import { Session, parsePlan } from './session.js';
import { beyondNoise, enoughForSigns, pairedRatio } from './statistics.js';
import type { Ratio } from './statistics.js';
import type { BenchBacking, BenchFigure, BenchOptions, BenchResult } from './types.js';

/** What {@link benchAdvise} takes. */
export interface BenchAdviseOptions extends BenchOptions {
  /** `random`: any line of 64 bytes. `stride`: a line in each `stride` bytes, in any order. */
  readonly pattern: 'random' | 'stride';
  /** What the program works on: 64 KiB to 16 GiB. */
  readonly bytes: Size;
  /** Bytes from one line to the next, a power of two from 64. Default 4096. */
  readonly stride?: Size;
}

/** How much faster a kind of page was than base pages, which it divides: above 1, faster. */
export interface BenchAdvice extends Ratio {
  readonly backing: BenchBacking;
  /** `dependent`: each access needs the one before, as in lists and trees. `independent`: none does, as in lookups of many keys. */
  readonly accesses: 'dependent' | 'independent';
  /** Nanoseconds of an access less than on base pages. */
  readonly savedNanoseconds: number;
  /** The noise floor of these accesses: a ratio that is less far from 1 says nothing. */
  readonly noise: number;
  /**
   * `faster` and `slower` where the 95 % interval lies beyond the noise floor, `same` where it lies within; otherwise, and with less than
   * the six rounds that such an interval takes, `unclear`: more rounds, or a quieter machine, would tell.
   */
  readonly verdict: 'faster' | 'same' | 'slower' | 'unclear';
}

/** What {@link benchAdvise} returns. Figures: `dependent` and `independent`, by `bytes`. */
export interface BenchAdviseResult extends BenchResult {
  readonly benchmark: 'advise';
  readonly advice: readonly BenchAdvice[];
}

const ROUNDS = 15;
const STRIDE = 4096;
export const PATTERNS = ['random', 'stride'] as const;
const VERDICTS = { above: 'faster', within: 'same', below: 'slower', unclear: 'unclear' } as const;
const NAMES = { wander: 'dependent', gather: 'independent' } as const;

/**
 * Measures the pattern of a program on every kind of page that this machine has: what it would gain, per access, with its own amount of
 * memory. Nothing is extrapolated.
 *
 * @throws TypeError, RangeError; AbortError (`ABORT_ERR`); HugePagesError as `benchTlb()`
 */
export async function benchAdvise(options: BenchAdviseOptions): Promise<BenchAdviseResult> {
  const [plan, own] = parsePlan(options, ['pattern', 'bytes', 'stride'], ROUNDS);
  const pattern = checkOneOf(own.pattern, 'options.pattern', PATTERNS);
  const bytes = parseSize(own.bytes, 'options.bytes', 2 ** 16, 2 ** 34);
  const stride = pattern === 'random' ? LINE : parseStride(own.stride, bytes);
  const session = new Session('advise', plan);
  const memories = new Memories(session);
  try {
    const taken = await memories.take(bytes, { whole: true });
    session.expect(2);
    const figures: BenchFigure[] = [];
    const advice: BenchAdvice[] = [];
    for (const kind of ['wander', 'gather'] as const) {
      const measured = await measure(kind, taken, stride, Math.floor(bytes / stride), bytes, session);
      figures.push(...measured);
      advice.push(...adviceOf(NAMES[kind], measured));
    }
    return { ...session.result({ pattern, bytes, stride }, figures), benchmark: 'advise', advice };
  } finally {
    memories.dispose();
  }
}

function parseStride(value: unknown, bytes: number): number {
  const stride = parseSize(value === undefined ? STRIDE : value, 'options.stride', LINE, bytes);
  if (!Number.isInteger(Math.log2(stride))) throw outOfRange('options.stride', 'a power of two', value);
  return stride;
}

async function measure(
  pattern: keyof typeof NAMES,
  memories: readonly Memory[],
  stride: number,
  count: number,
  bytes: number,
  session: Session,
): Promise<BenchFigure[]> {
  const [base] = memories;
  if (base === undefined) return [];
  const accesses = { pattern, stride, count } as const;
  const timing = await calibrate({ region: base.region, ...accesses }, session);
  const common = { name: NAMES[pattern], engine: 'native', parameter: { name: 'bytes', value: bytes }, unit: 'ns' } as const;
  const sides = memories.map(({ backing, region }) => ({
    subject: { ...common, backing },
    take: async () => (await sample({ region, ...accesses }, timing, session)).median,
  }));
  return await compareInTurn(session, `${NAMES[pattern]} accesses`, sides);
}

function adviceOf(accesses: BenchAdvice['accesses'], figures: readonly BenchFigure[]): BenchAdvice[] {
  const base = figures.find(({ backing }) => backing?.kind === 'base');
  if (base === undefined) return [];
  return figures.flatMap(({ backing, samples, median, noise = 0 }) => {
    if (backing === undefined || backing.kind === 'base') return [];
    const ratio = pairedRatio(base.samples, samples);
    const verdict = VERDICTS[enoughForSigns(samples.length) ? beyondNoise(ratio, noise) : 'unclear'];
    return [{ backing, accesses, ...ratio, savedNanoseconds: base.median - median, noise, verdict }];
  });
}
