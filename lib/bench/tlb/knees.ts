/** Where the levels of the TLB end: the numbers of pages from which on a chase costs more than its caches do. */
import { LINE } from '../chase.js';
import type { Memory } from '../memories.js';
import { inTurn } from '../rounds.js';
import { calibrate, lay, sample } from '../sample.js';
import type { Accesses } from '../sample.js';
import type { Session } from '../session.js';
import { median } from '../statistics.js';
import { PAGE, sampleSpread } from './curve.js';
import type { TlbKnee } from './types.js';

/** Nanoseconds that so many pages cost more than as many lines side by side. */
export interface PageCost {
  readonly pages: number;
  readonly cost: number;
}

/** Between which numbers of pages the cost of a level sets in. */
export interface Rise {
  readonly level: 1 | 2;
  readonly below: number;
  readonly above: number;
  /** Half of what it costs: a cost beyond that is one of this level. */
  readonly threshold: number;
  readonly missCost: number;
}

/** Nanoseconds: what is less may be the clock of the processor, not a miss. */
const LEAST_COST = 0.4;

/** Each halves the interval of a knee: four bring it to 4 %. */
const HALVINGS = 4;

/** @param costs - by ascending numbers of pages, as far as a cache close to the processor has the lines */
export function findRises(costs: readonly PageCost[]): Rise[] {
  const first = costs.findIndex(({ cost }) => cost >= LEAST_COST);
  const [before, start, next] = [costs[first - 1], costs[first], costs[first + 1]];
  // One point behind the rise is no level: lines that just fill a cache, or a disturbance, look like that.
  if (before === undefined || start === undefined || next === undefined || next.cost < LEAST_COST) return [];
  // The plateau of the first level: what the pages behind the rise cost, unless those are the next level's already.
  const plateau = Math.min(start.cost, next.cost);
  const one: Rise = { level: 1, below: before.pages, above: start.pages, threshold: plateau / 2, missCost: plateau };
  // A miss of the second level costs several times as much. Its plateau is close behind: farther on are misses of the caches, of which the
  // packed lines have fewer, because their pages' entries take no room.
  const steep = costs.findIndex(({ cost }, index) => index > first && cost >= 2 * plateau);
  const most = Math.min(...costs.slice(steep + 1, steep + 3).map(({ cost }) => cost));
  if (steep < 0 || !Number.isFinite(most)) return [one];
  const threshold = (plateau + most) / 2;
  const second = costs.findIndex(({ cost }, index) => index >= steep && cost >= threshold);
  const [from, to] = [costs[second - 1], costs[second]];
  return from === undefined || to === undefined
    ? [one]
    : [one, { level: 2, below: from.pages, above: to.pages, threshold, missCost: most }];
}

/** @param costs - of this memory */
export async function measureKnees(memory: Memory, packed: Memory, costs: readonly PageCost[], session: Session): Promise<TlbKnee[]> {
  const knees: TlbKnee[] = [];
  for (const rise of findRises(costs)) {
    let { below, above } = rise;
    for (let halving = 0; halving < HALVINGS && above - below > 1; halving++) {
      const middle = Math.round(Math.sqrt(below * above));
      if ((await costOf(memory, packed, middle, session)) < rise.threshold) below = middle;
      else above = middle;
    }
    knees.push({ backing: memory.backing, level: rise.level, pages: below, reach: below * PAGE, missCost: rise.missCost });
  }
  return knees;
}

async function costOf(memory: Memory, packed: Memory, count: number, session: Session): Promise<number> {
  const spread: Accesses = { region: memory.region, pattern: 'chase', stride: PAGE, count };
  const dense: Accesses = { region: packed.region, pattern: 'chase', stride: LINE, count };
  await lay(spread, session);
  await lay(dense, session);
  const timing = await calibrate(spread, session);
  session.expect(1);
  const { samples } = await inTurn(
    session,
    `the knee at ${String(count)} pages`,
    [
      async (round) => (await sampleSpread(spread, round, timing, session)).median,
      async () => (await sample(dense, timing, session)).median,
    ],
  );
  const [mine = [], caches = []] = samples;
  return median(mine) - median(caches);
}
