/**
 * The page size that the TLB sees. A huge page of a guest takes an entry of its own only where the host backs it with a huge page as well;
 * otherwise its entries are splintered, one for each page of the host.
 *
 * A chase through 256 lines, which the first cache holds, at greater and greater distances: it becomes slower where the lines need more
 * entries than the first level of the TLB has. With base pages that happens at a distance that tells how many entries there are; with pages
 * that are so many times larger, at a distance so many times greater. Other programs hardly disturb this: nothing leaves the first cache.
 */
import { formatSize } from '../../units.js';
import type { Memory } from '../memories.js';
import { compareInTurn } from '../rounds.js';
import { calibrate, lay, sample } from '../sample.js';
import type { Session } from '../session.js';
import type { BenchFigure } from '../types.js';
import { placeOf } from './places.js';

export const STRIDES = 'bytes between lines';

/** Half of the first cache of the processors with the smallest one, and several times the entries of any first level of a TLB. */
const LINES = 256;
const LEAST_STRIDE = 64;

/** @returns `chase by stride`, for each kind of page and distance; the rounds are at different places of the memory */
export async function measureStrides(memories: readonly Memory[], session: Session): Promise<BenchFigure[]> {
  const figures: BenchFigure[] = [];
  const most = Math.max(...memories.map(({ region }) => region.byteLength)) / LINES;
  const doublings = Math.floor(Math.log2(most / LEAST_STRIDE));
  const strides = Array.from({ length: doublings + 1 }, (_, power) => LEAST_STRIDE * 2 ** power);
  session.expect(strides.length);
  for (const stride of strides) {
    const large = memories.filter(({ region }) => region.byteLength >= stride * LINES);
    const [first] = large;
    if (first === undefined) break;
    const accesses = { pattern: 'chase', stride, count: LINES } as const;
    await lay({ region: first.region, ...accesses }, session);
    const timing = await calibrate({ region: first.region, ...accesses }, session);
    const common = { name: 'chase by stride', engine: 'native', parameter: { name: STRIDES, value: stride }, unit: 'ns' } as const;
    const sides = large.map(({ backing, region }) => {
      const take = async (round: number): Promise<number> => {
        const offset = placeOf(round, session.rounds, region, stride * LINES);
        return (await sample({ region, offset, ...accesses }, timing, session, [], true)).median;
      };
      return { subject: { ...common, backing }, take };
    });
    figures.push(...(await compareInTurn(session, `256 lines, ${formatSize(stride)} apart`, sides)));
  }
  return figures;
}
