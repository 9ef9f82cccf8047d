/**
 * The page size that the TLB sees. A huge page of a guest takes an entry of its own only where the host backs it with a huge page as well;
 * otherwise its entries are splintered, one for each page of the host.
 *
 * A chase through 256 lines, which the first cache holds, at greater and greater distances: it becomes slower where the lines need more
 * entries than the first level of the TLB has. With base pages that happens at a distance that tells how many entries there are; with pages
 * that are so many times larger, at a distance so many times greater. Other programs hardly disturb this: nothing leaves the first cache.
 */
import { formatSize } from '../../units.js';
import { figure } from '../figures.js';
import type { Memory } from '../memories.js';
import { compareInTurn } from '../rounds.js';
import { calibrate, lay, sample } from '../sample.js';
import type { Session } from '../session.js';
import type { BenchFigure } from '../types.js';

export const STRIDES = 'bytes between lines';

/** Half of the first cache of the processors with the smallest one, and several times the entries of any first level of a TLB. */
const LINES = 256;
const LEAST_STRIDE = 64;

/** @returns `chase by stride`, for each kind of page and distance; the rounds are at different places of the memory */
export async function measureStrides(memories: readonly Memory[], session: Session): Promise<BenchFigure[]> {
  const figures: BenchFigure[] = [];
  const most = Math.max(...memories.map(({ region }) => region.byteLength)) / LINES;
  for (let stride = LEAST_STRIDE; stride <= most; stride *= 2) {
    const large = memories.filter(({ region }) => region.byteLength >= stride * LINES);
    const chases = large.map(({ region }) => ({ region, pattern: 'chase', stride, count: LINES }) as const);
    const [first] = chases;
    if (first === undefined) break;
    session.expect(1);
    await lay(first, session);
    const timing = await calibrate(first, session);
    const sides = chases.map((chase) => async (round: number) => {
      const offset = placeOf(round, session.rounds, chase.region.byteLength, chase.region.pageSize, stride * LINES);
      return (await sample({ ...chase, offset }, timing, session, [], true)).median;
    });
    const { samples, noise } = await compareInTurn(session, `256 lines, ${formatSize(stride)} apart`, sides);
    const common = { name: 'chase by stride', engine: 'native', parameter: { name: STRIDES, value: stride }, unit: 'ns', noise } as const;
    figures.push(...large.map(({ backing }, index) => figure({ backing, ...common }, samples[index] ?? [])));
  }
  return figures;
}

/** Evenly over the memory, at the start of a page. */
function placeOf(round: number, rounds: number, byteLength: number, pageSize: number, footprint: number): number {
  const room = byteLength - footprint;
  return Math.floor((room * round) / Math.max(1, rounds - 1) / pageSize) * pageSize;
}
