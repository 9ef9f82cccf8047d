/** How fast memory is populated, and what a page fault costs. */
import { native } from '../native.js';
import { Kind } from '../native/regions.js';
import { GiB, MiB, counted } from '../units.js';
import { backingName } from './backing-name.js';
import { faultedBackings } from './eligible.js';
import type { Memories, Memory } from './memories.js';
import { compareInTurn } from './rounds.js';
import { ask } from './sample.js';
import type { Session } from './session.js';
import { runSized } from './sized.js';
import type { BenchFigure, BenchResult, SizedBenchOptions } from './types.js';

const ROUNDS = 9;

/** Faults of small pages are many: so much memory has enough of them. */
const FAULT_BYTES = 16 * MiB;

/**
 * Measures populating, by kind of page and threads, and a page fault. Figures: `populate` in GiB/s by `threads`, of memory that was given
 * back just before, so that it is at hand; `fault` in nanoseconds a page, at the first store to it, in a child process.
 *
 * @throws TypeError, RangeError; AbortError (`ABORT_ERR`); HugePagesError as `benchTlb()`
 */
export async function benchPrefault(options?: SizedBenchOptions): Promise<BenchResult> {
  return await runSized({ name: 'prefault', rounds: ROUNDS, measure }, options);
}

async function measure(bytes: number, memories: Memories, session: Session): Promise<BenchFigure[]> {
  const taken = await memories.take(bytes, { backings: faultedBackings(session) });
  const threads = threadCounts(native.allowedCpus().length);
  session.expect(threads.length + 1);
  const figures: BenchFigure[] = [];
  for (const count of threads) figures.push(...(await measurePopulate(taken, count, session)));
  const sizes = taken.map(({ region }) => region.byteLength);
  // Their pages are for the children to take.
  for (const { region } of taken) region.dispose();
  return [...figures, ...(await measureFaults(taken, sizes, session))];
}

/** 1, 2, 4, ... and as many as there are CPUs. */
function threadCounts(cpus: number): number[] {
  const counts: number[] = [];
  for (let count = 1; count < cpus; count *= 2) counts.push(count);
  return [...counts, cpus];
}

async function measurePopulate(memories: readonly Memory[], threads: number, session: Session): Promise<BenchFigure[]> {
  const common = { name: 'populate', engine: 'kernel', parameter: { name: 'threads', value: threads }, unit: 'GiB/s' } as const;
  const sides = memories.map(({ backing, region }) => {
    const pages = region.byteLength / backing.pageSize;
    if (pages < threads) session.note(`${backingName(backing)}: ${counted(pages, 'page')}, populated by as many threads at most`);
    const take = async (): Promise<number> => {
      region.discard(0, region.byteLength);
      const { signal } = session;
      const { populatedBytes, milliseconds } = await region.prefault({ threads, ...(signal !== undefined && { signal }) });
      session.tick();
      return populatedBytes / GiB / (milliseconds / 1000);
    };
    return { subject: { ...common, backing }, take };
  });
  return await compareInTurn(session, `populating on ${counted(threads, 'thread')}`, sides);
}

async function measureFaults(memories: readonly Memory[], sizes: readonly number[], session: Session): Promise<BenchFigure[]> {
  const sides = memories.map(({ backing }, index) => {
    const { kind, pageSize } = backing;
    const bytes = Math.max(pageSize, Math.min(FAULT_BYTES, sizes[index] ?? 0));
    const take = async (): Promise<number> => {
      const { nanoseconds } = await ask('A page fault cannot be measured', session, (done) =>
        native.faultCost(Kind[kind], pageSize, bytes, 1, session.cpu, done),
      );
      return nanoseconds[0] ?? NaN;
    };
    const parameter = { name: 'bytes of a page', value: pageSize };
    return { subject: { name: 'fault', engine: 'kernel', unit: 'ns', backing, parameter } as const, take };
  });
  return await compareInTurn(session, 'page faults', sides);
}
