/** What reads and stores cost by the size of what is worked on. */
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { GiB, KiB, MiB } from '../units.js';
import { parseBytes } from './backings.js';
import { LINE } from './chase.js';
import { figure } from './figures.js';
import { Memories } from './memories.js';
import type { Memory } from './memories.js';
import { compareInTurn } from './rounds.js';
import { calibrate, sample } from './sample.js';
import type { Accesses } from './sample.js';
import { Session, parsePlan } from './session.js';
import { median } from './statistics.js';
import type { BenchFigure, BenchResult, SizedBenchOptions } from './types.js';

const ROUNDS = 7;
const PATTERNS = ['read', 'write', 'gather', 'scatter', 'wander'] as const;
/** How the figures are called. */
const NAMES = {
  read: 'sequential read',
  write: 'sequential write',
  gather: 'random read',
  scatter: 'random write',
  wander: 'dependent random read',
} as const;

/** One JavaScript sample reads so much, at least. */
const SCAN_BYTES = 16 * MiB;

/**
 * Measures accesses to memory on each kind of page by `bytes`: sequential ones in GiB/s, random ones of a line in nanoseconds; natively,
 * and sequential reads in JavaScript as well, over a Uint32Array.
 *
 * @throws TypeError, RangeError; AbortError (`ABORT_ERR`); HugePagesError as `benchTlb()`
 */
export async function benchAccess(options: SizedBenchOptions = {}): Promise<BenchResult> {
  const [plan, own] = parsePlan(options, ['bytes'], ROUNDS);
  const bytes = parseBytes(own.bytes);
  const session = new Session('access', plan);
  const memories = new Memories(session);
  try {
    const taken = await memories.take(bytes);
    const sizes = [...[16 * KiB, MiB, 32 * MiB].filter((size) => size < bytes), bytes];
    session.expect(sizes.length * (PATTERNS.length + 1));
    const figures: BenchFigure[] = [];
    for (const size of sizes) {
      const large = taken.filter(({ region }) => region.byteLength >= size);
      for (const pattern of PATTERNS) figures.push(...(await measure(large, pattern, size, session)));
      figures.push(...(await measureInJavaScript(large, size, session)));
    }
    return session.result({ bytes }, figures);
  } finally {
    memories.dispose();
  }
}

async function measure(
  memories: readonly Memory[],
  pattern: (typeof PATTERNS)[number],
  bytes: number,
  session: Session,
): Promise<BenchFigure[]> {
  const sides = memories.map(({ region }): Accesses => ({ region, pattern, stride: LINE, count: Math.floor(bytes / LINE) }));
  const [base] = sides;
  if (base === undefined) return [];
  const timing = await calibrate(base, session);
  const sequential = pattern === 'read' || pattern === 'write';
  const measured = sides.map((side) => async () => {
    const { median: nanoseconds } = await sample(side, timing, session);
    return sequential ? (LINE / nanoseconds) * (1e9 / GiB) : nanoseconds;
  });
  const { samples, noise } = await compareInTurn(session, `${NAMES[pattern]} of ${String(bytes)} bytes`, measured);
  const unit = sequential ? 'GiB/s' : 'ns';
  const common = { name: NAMES[pattern], engine: 'native', parameter: { name: 'bytes', value: bytes }, unit, noise } as const;
  return memories.map(({ backing }, index) => figure({ backing, ...common }, samples[index] ?? []));
}

async function measureInJavaScript(memories: readonly Memory[], bytes: number, session: Session): Promise<BenchFigure[]> {
  const length = Math.floor(bytes / Uint32Array.BYTES_PER_ELEMENT);
  const sides = memories.map(({ region }) => {
    const words = region.view(Uint32Array, 0, length);
    return () => scan(words);
  });
  const { samples, noise } = await compareInTurn(session, `sequential read in JavaScript of ${String(bytes)} bytes`, sides);
  const common = { name: NAMES.read, engine: 'javascript', parameter: { name: 'bytes', value: bytes }, unit: 'GiB/s', noise } as const;
  return memories.map(({ backing }, index) => figure({ backing, ...common }, samples[index] ?? []));
}

/** @returns GiB/s, of the median of several scans */
async function scan(words: Uint32Array): Promise<number> {
  await setImmediate(); // others have their turn between samples
  const speeds: number[] = [];
  for (let read = 0; read < SCAN_BYTES || speeds.length < 3; read += words.byteLength) {
    const begin = performance.now();
    sum = total(words);
    speeds.push(words.byteLength / GiB / ((performance.now() - begin) / 1000));
  }
  return median(speeds);
}

/** Kept, so that no compiler finds the reads to be useless. */
let sum = 0;

function total(words: Uint32Array): number {
  let result = sum;
  // By index: an iterator would be what is measured.
  // eslint-disable-next-line @typescript-eslint/prefer-for-of
  for (let index = 0; index < words.length; index++) result = (result + (words[index] ?? 0)) | 0;
  return result;
}
