/** What a fork costs by what is mapped. */
import { native } from '../native.js';
import { Kind } from '../native/regions.js';
import { formatSize, MiB } from '../units.js';
import { backingName } from './backing-name.js';
import { faultedBackings, wholeBackings } from './eligible.js';
import type { Memories } from './memories.js';
import { compareInTurn } from './rounds.js';
import { ask } from './sample.js';
import type { Session } from './session.js';
import { runSized } from './sized.js';
import { median } from './statistics.js';
import type { BenchBacking, BenchFigure, BenchResult, SizedBenchOptions } from './types.js';

const ROUNDS = 11;
/** Of one child: populating takes longer. */
const FORKS = 5;

/**
 * Measures fork(2) of a process that has so much memory populated, private and on each kind of page. Figures: `fork` in microseconds by
 * `bytes`, 0 for what a child of this process costs without any: what matters is how much more it becomes.
 *
 * @throws TypeError, RangeError; AbortError (`ABORT_ERR`); HugePagesError `ERR_HUGEPAGES_NO_MEMORY` where so much is not available
 */
export async function benchFork(options?: SizedBenchOptions): Promise<BenchResult> {
  return await runSized({ name: 'fork', rounds: ROUNDS, measure }, options);
}

async function measure(bytes: number, memories: Memories, session: Session): Promise<BenchFigure[]> {
  const parts = [64, 16, 4, 1].map((share) => Math.floor(bytes / share / MiB) * MiB);
  const sizes = [...new Set([0, ...parts])];
  const kinds = wholeBackings(faultedBackings(session), sizes, session);
  const has = kinds.map((backing) => ({ backing, available: memories.obtain(backing, bytes) }));
  session.expect(sizes.length);
  const figures: BenchFigure[] = [];
  for (const size of sizes) {
    const fitting = has.filter(({ backing, available }) => size <= available && size % backing.pageSize === 0);
    figures.push(...(await measureSize(size, size === 0 ? fitting.slice(0, 1) : fitting, session)));
  }
  return figures;
}

async function measureSize(bytes: number, kinds: readonly { backing: BenchBacking }[], session: Session): Promise<BenchFigure[]> {
  const common = { name: 'fork', engine: 'kernel', parameter: { name: 'bytes', value: bytes }, unit: 'us' } as const;
  const sides = kinds.map(({ backing }) => {
    const { kind, pageSize } = backing;
    const take = async (): Promise<number> => {
      const what = `A fork with ${formatSize(bytes)} on ${backingName(backing)} pages cannot be measured`;
      const { nanoseconds } = await ask(what, session, (done) =>
        native.forkCost(Kind[kind], pageSize, bytes, FORKS, session.cpu, done),
      );
      return median([...nanoseconds]) / 1000;
    };
    return { subject: { ...common, backing }, take };
  });
  return await compareInTurn(session, `forks with ${formatSize(bytes)}`, sides);
}
