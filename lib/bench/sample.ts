/** Samples of the addon, on a thread of its own. */
import { errnoName } from '../errors.js';
import { inquire } from '../inspect/pagemap/inquiry.js';
import { native } from '../native.js';
import { Pattern } from '../native/measure.js';
import type { Answer } from '../native/frames.js';
import type { MeasuredSample } from '../native/measure.js';
import { live } from '../region/held.js';
import type { Region } from '../region/region.js';
import { eventNumbers } from './counters.js';
import type { CounterEvent } from './counters.js';
import { attempted } from './failures.js';
import type { Session } from './session.js';
import { median } from './statistics.js';

/** Which lines of a region are accessed, and how. */
export interface Accesses {
  readonly region: Region;
  readonly pattern: keyof typeof Pattern;
  /** Bytes, a power of two. */
  readonly stride: number;
  readonly count: number;
  /** Bytes from the start of the region. Default 0. */
  readonly offset?: number;
}

/** How long. */
export interface Timing {
  /** Accesses that are not counted. */
  readonly warmUp: number;
  /** Accesses that are timed together: a disturbance spoils one of several blocks. */
  readonly block: number;
  readonly blocks: number;
}

const BLOCK_NANOSECONDS = 250_000;
const BLOCKS = 16;
/** What one lap through more lines than these would bring into the caches is gone at its end. */
const MOST_WARM_UP = 2 ** 20;
/** Of every cycle and all that is random: what is compared takes the same way. */
export const SEED = 1;
export const PROBE = { warmUp: 0, block: 2048, blocks: 4 };

/** Has the cycle of a chase laid. */
export async function lay(accesses: Accesses, session: Session): Promise<void> {
  await run(accesses, { warmUp: 0, block: 1, blocks: 0 }, session, [], true);
}

/** How long samples have to be: blocks of a quarter of a millisecond, far more than a look at the clock, after a lap through the lines. */
export async function calibrate(accesses: Accesses, session: Session): Promise<Timing> {
  const { nanoseconds } = await run(accesses, PROBE, session, [], false);
  return timingOf(accesses.count, median([...nanoseconds]));
}

/** @param nanoseconds - that one access takes */
export function timingOf(lines: number, nanoseconds: number): Timing {
  const block = Math.ceil(BLOCK_NANOSECONDS / Math.max(0.1, nanoseconds));
  return { warmUp: Math.min(MOST_WARM_UP, Math.max(lines, 4096)), block: Math.min(2 ** 18, Math.max(256, block)), blocks: BLOCKS };
}

/** One sample: the median of its blocks is what it says. */
export async function sample(
  accesses: Accesses,
  timing: Timing,
  session: Session,
  events: readonly CounterEvent[] = [],
  layFirst = false,
): Promise<MeasuredSample & { readonly median: number }> {
  const measured = await run(accesses, timing, session, events, layFirst);
  return { ...measured, median: median([...measured.nanoseconds]) };
}

async function run(
  { region, pattern, stride, count, offset = 0 }: Accesses,
  { warmUp, block, blocks }: Timing,
  session: Session,
  events: readonly CounterEvent[],
  layFirst: boolean,
): Promise<MeasuredSample> {
  const { handle } = live(region);
  const numbers = eventNumbers(events);
  const place = [offset, stride * count, Pattern[pattern], stride, count] as const;
  return await ask('The memory could not be measured', session, (done) =>
    native.measure(handle, ...place, layFirst, warmUp, block, blocks, SEED, session.cpu, numbers, done),
  );
}

/**
 * One sample of any kind.
 *
 * @param what - could not be done, where it fails
 * @param start - calls the addon
 */
export async function ask(what: string, session: Session, start: (done: Answer<MeasuredSample>) => number): Promise<MeasuredSample> {
  const sampled = await attempted(what, () => inquire<MeasuredSample>(start, session.signal));
  if (sampled.pinErrno !== 0) {
    session.note(`The measuring thread could not be kept on one CPU (${errnoName(sampled.pinErrno)}): figures scatter more`);
  }
  session.tick(sampled.clock);
  return sampled;
}
