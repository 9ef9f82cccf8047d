/** What 100,000 regions leave behind: nothing. */
import { readFileSync, readdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { allocateSync, pool } from 'hugepages';
import type { Region } from 'hugepages';
import { MiB } from '../../lib/units.js';
import { collectGarbage } from '../support/buffer.js';
import { bounded } from '../support/measure.js';
import type { Measure } from '../support/measure.js';
import { DEFAULT_PAGE as PAGE, withPages } from '../support/pages.js';
import { effort } from '../support/quick.js';
import type { Section } from '../support/report.js';

const REGIONS = effort(100_000, 1000);
/** Finalizers of ArrayBuffers run between turns of the event loop. */
const REGIONS_A_TURN = 100;

/** What is done with each region before it is disposed. */
const USES = {
  untouched: () => undefined,
  'with a buffer': (region: Region) => region.buffer(),
} as const;

export function flatSections(): Section[] {
  return Object.entries(USES).map(([what, use]) => {
    const name = `after ${String(REGIONS)} regions, ${what}`;
    return { name, measure: () => withPages(PAGE, 1, () => flat(name, use)) };
  });
}

/** What a leak would show in. */
const RESOURCES = {
  'more resident memory': { unit: 'MiB', limit: 4, read: () => process.memoryUsage.rss() / MiB },
  'more JavaScript heap': { unit: 'MiB', limit: 1, read: () => process.memoryUsage().heapUsed / MiB },
  'more mappings': { unit: '', limit: 32, read: () => readFileSync('/proc/self/maps', 'utf8').split('\n').length },
  'more descriptors': { unit: '', limit: 0, read: () => readdirSync('/proc/self/fd').length },
  'fewer free pages': { unit: '', limit: 0, read: () => -(pool(PAGE)?.free ?? NaN) },
  'more reserved pages': { unit: '', limit: 0, read: () => pool(PAGE)?.reserved ?? NaN },
} as const;

async function flat(name: string, use: (region: Region) => unknown): Promise<Measure[]> {
  // So many before the count starts that caches, code and collectors have settled.
  await make(REGIONS / 5, use);
  const before = await readResources();
  await make(REGIONS, use);
  const after = await readResources();
  return Object.entries(RESOURCES).map(([resource, { unit, limit }], index) => {
    const growth = (after[index] ?? NaN) - (before[index] ?? NaN);
    return bounded(`${name}: ${resource}`, unit, [growth], { of: 'median', relation: '<=', limit });
  });
}

async function make(count: number, use: (region: Region) => unknown): Promise<void> {
  for (let done = 0; done < count; done++) {
    if (done % REGIONS_A_TURN === 0) await nextTurn();
    const region = allocateSync({ size: PAGE, backing: ['hugetlb'], prefault: false });
    use(region);
    region.dispose();
  }
}

async function readResources(): Promise<number[]> {
  await collectGarbage();
  return Object.values(RESOURCES).map(({ read }) => read());
}
