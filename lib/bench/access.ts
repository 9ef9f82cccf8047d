/** What reads and stores cost by the size of what is worked on. */
import { GiB, KiB, MiB } from '../units.js';
import { LINE } from './chase.js';
import { accessor, calibrateInJavaScript, isViewable, sampleInJavaScript } from './javascript.js';
import type { Accessor } from './javascript.js';
import type { Memories, Memory } from './memories.js';
import { compareInTurn } from './rounds.js';
import { calibrate, sample } from './sample.js';
import type { Session } from './session.js';
import { runSized } from './sized.js';
import type { BenchFigure, BenchResult, SizedBenchOptions } from './types.js';

const ROUNDS = 9;
const PATTERNS = ['read', 'write', 'gather', 'scatter', 'wander'] as const;
/** How the figures are called. */
const NAMES = {
  read: 'sequential read',
  write: 'sequential write',
  gather: 'random read',
  scatter: 'random write',
  wander: 'dependent random read',
} as const;
const ENGINES = ['native', 'javascript'] as const;

/**
 * Measures accesses to memory on each kind of page by `bytes`: sequential ones in GiB/s, random ones of a line in nanoseconds; natively,
 * and in JavaScript over a Uint32Array, which blocks the event loop for milliseconds at a time.
 *
 * @throws TypeError, RangeError; AbortError (`ABORT_ERR`); HugePagesError as `benchTlb()`
 */
export async function benchAccess(options?: SizedBenchOptions): Promise<BenchResult> {
  return await runSized({ name: 'access', rounds: ROUNDS, measure }, options);
}

async function measure(bytes: number, memories: Memories, session: Session): Promise<BenchFigure[]> {
  const taken = await memories.take(bytes);
  const sizes = [...[16 * KiB, MiB, 32 * MiB].filter((size) => size < bytes), bytes];
  const parts = sizes.flatMap((size) => {
    const engines = ENGINES.filter((engine) => engine === 'native' || isViewable(size, session));
    return engines.flatMap((engine) => PATTERNS.map((pattern) => ({ size, engine, pattern })));
  });
  session.expect(parts.length);
  const figures: BenchFigure[] = [];
  for (const { size, engine, pattern } of parts) {
    const large = taken.filter(({ region }) => region.byteLength >= size);
    figures.push(...(await measurePattern(large, pattern, engine, size, session)));
  }
  return figures;
}

async function measurePattern(
  memories: readonly Memory[],
  pattern: (typeof PATTERNS)[number],
  engine: (typeof ENGINES)[number],
  bytes: number,
  session: Session,
): Promise<BenchFigure[]> {
  const [base] = memories;
  if (base === undefined) return [];
  const accesses = { pattern, stride: LINE, count: Math.floor(bytes / LINE) } as const;
  const inJavaScript = ({ region }: Memory): Accessor => accessor(region.view(Uint32Array, 0, (accesses.count * LINE) / 4), pattern);
  const timing = await {
    native: () => calibrate({ region: base.region, ...accesses }, session),
    javascript: () => calibrateInJavaScript(inJavaScript(base), accesses.count),
  }[engine]();
  const once = {
    native: async ({ region }: Memory) => (await sample({ region, ...accesses }, timing, session)).median,
    javascript: (memory: Memory) => sampleInJavaScript(inJavaScript(memory), timing, session),
  }[engine];
  const sequential = pattern === 'read' || pattern === 'write';
  const common = { name: NAMES[pattern], engine, parameter: { name: 'bytes', value: bytes }, unit: sequential ? 'GiB/s' : 'ns' } as const;
  const sides = memories.map((memory) => {
    const take = async (): Promise<number> => {
      const nanoseconds = await once(memory);
      return sequential ? (LINE / nanoseconds) * (1e9 / GiB) : nanoseconds;
    };
    return { subject: { ...common, backing: memory.backing }, take };
  });
  const where = engine === 'javascript' ? ' in JavaScript' : '';
  return await compareInTurn(session, `${NAMES[pattern]} of ${String(bytes)} bytes${where}`, sides);
}
