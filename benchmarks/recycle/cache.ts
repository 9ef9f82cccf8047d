/** What a region from a cache costs, beside a fresh one: to acquire, and with all that it takes to have it clean again. */
import { performance } from 'node:perf_hooks';
import { RegionCache, allocate } from 'hugepages';
import type { Region } from 'hugepages';
import { MiB } from '../../lib/units.js';
import { inMemory, kindsOfMemory } from '../prefault/memory.js';
import type { Memory } from '../prefault/memory.js';
import { compared, figure } from '../support/measure.js';
import type { Finding } from '../support/measure.js';
import type { Section } from '../support/report.js';
import { inTurn, warm } from '../support/rounds.js';
import { timed } from '../support/timed.js';

const ROUNDS = 15;
const SIZE = 256 * MiB;

export function cacheSections(): Section[] {
  return kindsOfMemory()
    .filter(({ pageSize }) => pageSize <= SIZE)
    .map((memory) => ({ name: `acquire(), ${memory.name}`, measure: () => acquiring(`acquire(), ${memory.name}`, memory) }));
}

function acquiring(name: string, memory: Memory): Promise<Finding[]> {
  const { backing, pageSize } = memory;
  const options = { size: SIZE, backing: [backing], ...(backing === 'hugetlb' && { pageSize }) };
  return inMemory(memory, 2 * SIZE, async () => {
    const cache = new RegionCache({ maxBytes: SIZE });
    const cached = { get: () => cache.acquire(options), giveBack: (region: Region) => cache.release(region) };
    const fresh = { get: () => allocate(options), giveBack: (region: Region) => region.dispose() };
    const acquired = await inTurn(ROUNDS, { ours: warm(() => getting(cached)), theirs: warm(() => getting(fresh)) });
    const cycles = await inTurn(ROUNDS, { ours: warm(() => cycle(cached)), theirs: warm(() => cycle(fresh)) });
    cache.dispose();
    return [
      figure(name, 'ms', acquired.ours, 'acquire'),
      compared(name, 'allocate()', acquired, { atLeast: 2 }),
      compared(`${name}, with release and zeroing`, 'allocate() and dispose()', cycles, { atLeast: 1, claim: 'cache cycle' }),
    ];
  });
}

interface Way {
  readonly get: () => Promise<Region>;
  readonly giveBack: (region: Region) => unknown;
}

/** @returns milliseconds until the region is there */
async function getting({ get, giveBack }: Way): Promise<number> {
  const start = performance.now();
  const region = await get();
  const milliseconds = performance.now() - start;
  await giveBack(region);
  return milliseconds;
}

/** @returns milliseconds until it can be had again */
function cycle({ get, giveBack }: Way): Promise<number> {
  return timed(async () => giveBack(await get()));
}
