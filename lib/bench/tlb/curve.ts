/** Latency of a chase by the number of pages that it touches. */
import { LINE } from '../chase.js';
import { machineCounters, readCounters } from '../counters.js';
import type { CounterEvent } from '../counters.js';
import { figure, noiseOf } from '../figures.js';
import { accessor, calibrateInJavaScript, sampleInJavaScript } from '../javascript.js';
import type { Accessor } from '../javascript.js';
import type { Memory } from '../memories.js';
import { compareInTurn, inTurn } from '../rounds.js';
import { calibrate, lay, sample } from '../sample.js';
import type { Accesses, Timing } from '../sample.js';
import type { Session } from '../session.js';
import type { BenchFigure } from '../types.js';
import { placeOf } from './places.js';

/** Bytes between two lines of the chase: the smallest page, for all kinds of pages. */
export const PAGE = 4096;

const PARAMETER = 'pages touched';

/** Lines of a chase that a cache close to the processor holds: beyond, what caches cost says nothing of the TLB any more. */
export const MOST_PACKED = 2 ** 14;

const FEWEST = 16;

/** 16, 32, ... and the most that fit. */
export function pageCounts(bytes: number): number[] {
  const most = Math.floor(bytes / PAGE);
  const counts: number[] = [];
  for (let count = FEWEST; count < most; count *= 2) counts.push(count);
  return [...counts, most];
}

/** @param memories - base pages first */
export async function measureCurve(
  memories: readonly Memory[],
  packed: Memory,
  counts: readonly number[],
  session: Session,
): Promise<BenchFigure[]> {
  const figures: BenchFigure[] = [];
  for (const count of counts) figures.push(...(await measurePoint(memories, packed, count, session)));
  return figures;
}

/** All kinds of pages that have so many, base pages twice: how they compare with themselves is the noise floor. */
async function measurePoint(memories: readonly Memory[], packed: Memory, count: number, session: Session): Promise<BenchFigure[]> {
  const { events, absent } = machineCounters();
  const parameter = { name: PARAMETER, value: count };
  const large = memories.filter(({ region }) => region.byteLength >= count * PAGE);
  const spread = large.map(({ region }): Accesses => ({ region, pattern: 'chase', stride: PAGE, count }));
  const dense: Accesses[] = count <= MOST_PACKED ? [{ region: packed.region, pattern: 'chase', stride: LINE, count }] : [];
  for (const accesses of [...spread, ...dense]) await lay(accesses, session);
  const [first] = spread;
  if (first === undefined) return [];
  const timing = await calibrate(first, session);
  // Base pages again look elsewhere in each round: what their frames differ by is noise as well.
  const shift = Math.floor(session.rounds / 2);
  const sides = [
    ...spread.map((accesses) => (round: number) => sampleSpread(accesses, round, timing, session, events)),
    (round: number) => sampleSpread(first, (round + shift) % session.rounds, timing, session, events),
    ...dense.map((accesses) => () => sample(accesses, timing, session, events)),
  ];
  const { samples, clock } = await inTurn(session, `${String(count)} pages`, sides);
  const medians = samples.map((side) => side.map((one) => one.median));
  const noise = noiseOf(medians[0] ?? [], medians[spread.length] ?? []);
  const common = { engine: 'native', parameter, unit: 'ns', noise, clock } as const;
  return [
    ...large.map(({ backing }, index) => {
      const counters = [...readCounters(events, samples[index] ?? [], timing.block * timing.blocks), ...absent];
      for (const { name, reason } of counters) if (reason !== undefined) session.note(`${name}: not counted, ${reason}`);
      return figure({ name: 'chase', backing, counters, ...common }, medians[index] ?? []);
    }),
    ...dense.map(() => figure({ name: 'packed', backing: packed.backing, ...common }, medians[spread.length + 1] ?? [])),
  ];
}

/** A sample of a chase by pages, at the place of a round. */
export function sampleSpread(
  accesses: Accesses,
  round: number,
  timing: Timing,
  session: Session,
  events: readonly CounterEvent[] = [],
): ReturnType<typeof sample> {
  return sample(atPlaceOf(round, accesses, session), timing, session, events, isLaidAnew(accesses));
}

/** Large ones have few places and take long to lay: they stay at the first. */
const isLaidAnew = ({ count }: Accesses): boolean => count <= MOST_PACKED;

function atPlaceOf(round: number, accesses: Accesses, { rounds }: Session): Accesses {
  return isLaidAnew(accesses) ? { ...accesses, offset: placeOf(round, rounds, accesses.region, accesses.count * PAGE) } : accesses;
}

/** The same in JavaScript, at one number of pages. */
export async function measureInJavaScript(memories: readonly Memory[], count: number, session: Session): Promise<BenchFigure[]> {
  const large = memories.filter(({ region }) => region.byteLength >= count * PAGE);
  const accesses = { pattern: 'chase', stride: PAGE, count } as const;
  for (const { region } of large) await lay({ region, ...accesses }, session);
  const [first] = large;
  if (first === undefined) return [];
  const chase = ({ region, offset = 0 }: Accesses): Accessor => accessor(region.view(Uint32Array, offset, (PAGE * count) / 4), 'chase');
  const timing = await calibrateInJavaScript(chase({ region: first.region, ...accesses }), count);
  const common = { name: 'chase', engine: 'javascript', parameter: { name: PARAMETER, value: count }, unit: 'ns' } as const;
  const sides = large.map(({ backing, region }) => {
    const take = async (round: number): Promise<number> => {
      const placed = atPlaceOf(round, { region, ...accesses }, session);
      if (isLaidAnew(placed)) await lay(placed, session);
      return await sampleInJavaScript(chase(placed), timing, session);
    };
    return { subject: { ...common, backing }, take };
  });
  return await compareInTurn(session, `${String(count)} pages in JavaScript`, sides);
}
