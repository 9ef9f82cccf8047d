/** What it costs another process to have memory, beside a copy of it. */
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { HugePagesError } from '../errors.js';
import { native } from '../native.js';
import { allocate } from '../region/allocate.js';
import { live } from '../region/held.js';
import { Region } from '../region/region.js';
import { MiB, formatSize } from '../units.js';
import { backingName } from './backing-name.js';
import { possibleBackings } from './backings.js';
import { wholeBackings } from './eligible.js';
import type { Memories } from './memories.js';
import { compareInTurn } from './rounds.js';
import { ask } from './sample.js';
import type { Session } from './session.js';
import { runSized } from './sized.js';
import { median } from './statistics.js';
import type { BenchBacking, BenchFigure, BenchResult, SizedBenchOptions } from './types.js';

const ROUNDS = 11;
/** Less is measured in less time than a look at the clock takes. */
const LEAST_BYTES = 2 * MiB;
/** Of an ArrayBuffer on Node 20, which a copy needs. */
const MOST_BYTES = 2 ** 32;
const CACHE_PAGE = 4096;

/** structuredClone() has the memory, a message that it makes of that, and the copy. */
const TIMES_OF_A_COPY = 3;

/** Of one child of this process. */
const ATTACHES = 5;

/**
 * Measures how long it takes to have a mapping of one's own of a memfd that somebody else has populated, and to read a byte of each 4 KiB
 * of it; and how long a copy takes. Figures, in microseconds by `bytes`: `attach` and `attach and read`, by `Region.attach()` in this
 * process; `map` and `map and read`, by mmap(2) in a child process that has the descriptor; `copy`.
 *
 * @throws TypeError, RangeError; AbortError (`ABORT_ERR`)
 */
export async function benchShare(options?: SizedBenchOptions): Promise<BenchResult> {
  return await runSized({ name: 'share', rounds: ROUNDS, most: MOST_BYTES, measure }, options);
}

async function measure(bytes: number, memories: Memories, session: Session): Promise<BenchFigure[]> {
  const parts = [64, 8, 1].map((share) => Math.floor(bytes / share / MiB) * MiB);
  const sizes = parts.filter((size) => size >= LEAST_BYTES && hasRoom(size, session));
  session.note('THP: not measured, of a memfd they are a setting of the machine: /sys/kernel/mm/transparent_hugepage/shmem_enabled');
  const kinds = possibleBackings().filter(({ kind }) => kind !== 'thp');
  const shares = wholeBackings(kinds, sizes, session).flatMap((backing) => {
    const available = memories.obtain(backing, Math.max(...sizes));
    return sizes.filter((size) => size <= available && size % backing.pageSize === 0).map((size) => ({ backing, size }));
  });
  session.expect(shares.length);
  const figures: BenchFigure[] = [];
  for (const { backing, size } of shares) figures.push(...(await measureSize(backing, size, session)));
  return figures;
}

function hasRoom(size: number, session: Session): boolean {
  const needed = TIMES_OF_A_COPY * size;
  if (needed <= process.availableMemory()) return true;
  session.note(`${formatSize(size)}: not measured, to copy them takes ${formatSize(needed)} of memory, more than is available`);
  return false;
}

async function measureSize(backing: BenchBacking, bytes: number, session: Session): Promise<BenchFigure[]> {
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
  else free(got);
  return microseconds;
}

/** Now, and not when garbage is collected: copies are large. What is transferred to nobody is freed with the message. */
function free(buffer: ArrayBuffer): void {
  const { port1 } = new MessageChannel();
  port1.close();
  port1.postMessage(undefined, [buffer]);
}

function read(region: Region): Region {
  const bytes = region.bytes();
  let sum = 0;
  for (let offset = 0; offset < bytes.length; offset += CACHE_PAGE) sum += bytes[offset] ?? 0;
  if (sum !== 0) throw new Error('the memory is not as it was populated');
  return region;
}
