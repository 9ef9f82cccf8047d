/** What it costs another process to have memory, beside a copy of it. */
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { HugePagesError } from '../errors.js';
import { native } from '../native.js';
import { allocate } from '../region/allocate.js';
import { live } from '../region/held.js';
import { Region } from '../region/region.js';
import { MiB } from '../units.js';
import { backingName } from './backing-name.js';
import { parseBytes, possibleBackings } from './backings.js';
import { wholeBackings } from './eligible.js';
import { Memories } from './memories.js';
import { compareInTurn } from './rounds.js';
import { ask } from './sample.js';
import { Session, parsePlan } from './session.js';
import { median } from './statistics.js';
import type { BenchBacking, BenchFigure, BenchResult, SizedBenchOptions } from './types.js';

const ROUNDS = 11;
/** Less is measured in less time than a look at the clock takes. */
const LEAST_BYTES = 2 * MiB;
/** Of an ArrayBuffer on Node 20, which a copy needs. */
const MOST_BYTES = 2 ** 32;
const CACHE_PAGE = 4096;

/** Of one child of this process. */
const ATTACHES = 5;

/**
 * Measures how long it takes to have a mapping of one's own of a memfd that somebody else has populated, and to read a byte of each 4 KiB
 * of it; and how long a copy takes. Figures, in microseconds by `bytes`: `attach` and `attach and read`, by `Region.attach()` in this
 * process; `map` and `map and read`, by mmap(2) in a child process that has the descriptor; `copy`.
 *
 * @throws TypeError, RangeError; AbortError (`ABORT_ERR`); HugePagesError as `allocate()`
 */
export async function benchShare(options: SizedBenchOptions = {}): Promise<BenchResult> {
  const [plan, own] = parsePlan(options, ['bytes'], ROUNDS);
  const most = parseBytes(own.bytes, MOST_BYTES);
  const session = new Session('share', plan);
  const memories = new Memories(session);
  try {
    const sizes = [64, 8, 1].map((share) => Math.floor(most / share / MiB) * MiB).filter((size) => size >= LEAST_BYTES);
    session.note('THP: not measured, of a memfd they are a setting of the machine: /sys/kernel/mm/transparent_hugepage/shmem_enabled');
    const kinds = possibleBackings().filter(({ kind }) => kind !== 'thp');
    const shares = wholeBackings(kinds, sizes, session).flatMap((backing) => {
      const available = memories.obtain(backing, most);
      return sizes.filter((size) => size <= available && size % backing.pageSize === 0).map((size) => ({ backing, size }));
    });
    session.expect(shares.length);
    const figures: BenchFigure[] = [];
    for (const { backing, size } of shares) figures.push(...(await measure(backing, size, session)));
    return session.result({ bytes: most }, figures);
  } finally {
    memories.dispose();
  }
}

async function measure(backing: BenchBacking, bytes: number, session: Session): Promise<BenchFigure[]> {
  const { kind, pageSize } = backing;
  let region: Region;
  try {
    region = await allocate({ size: bytes, pageSize, backing: [kind], source: 'memfd' });
  } catch (error) {
    if (!(error instanceof HugePagesError)) throw error;
    session.note(`${backingName(backing)}: not measured. ${error.message}`);
    return [];
  }
  try {
    const token = region.share();
    const whole = region.buffer();
    const sides = {
      attach: () => timed(session, () => Region.attach(token, { access: 'read' })),
      'attach and read': () => timed(session, () => read(Region.attach(token, { access: 'read' }))),
      map: () => mapElsewhere(region, false, session),
      'map and read': () => mapElsewhere(region, true, session),
      copy: () => timed(session, () => structuredClone(whole)),
    };
    const names = Object.keys(sides) as (keyof typeof sides)[];
    const common = { engine: 'kernel', backing, parameter: { name: 'bytes', value: bytes }, unit: 'us' } as const;
    return await compareInTurn(
      session,
      `${backingName(backing)}, ${String(bytes)} bytes`,
      names.map((name) => ({ subject: { name, ...common }, take: sides[name] })),
    );
  } finally {
    region.dispose();
  }
}

async function mapElsewhere(region: Region, reads: boolean, session: Session): Promise<number> {
  const { handle } = live(region);
  const { nanoseconds } = await ask('A process cannot map what another has', session, (done) =>
    native.attachCost(handle, reads, ATTACHES, session.cpu, done),
  );
  return median([...nanoseconds]) / 1000;
}

/** @returns microseconds, without what it takes to give the result up */
async function timed(session: Session, get: () => Region | ArrayBuffer): Promise<number> {
  await setImmediate();
  session.tick();
  const begin = performance.now();
  const got = get();
  const microseconds = (performance.now() - begin) * 1000;
  if (got instanceof Region) got.dispose();
  return microseconds;
}

function read(region: Region): Region {
  const bytes = region.bytes();
  let sum = 0;
  for (let offset = 0; offset < bytes.length; offset += CACHE_PAGE) sum += bytes[offset] ?? 0;
  if (sum !== 0) throw new Error('the memory is not as it was populated');
  return region;
}
