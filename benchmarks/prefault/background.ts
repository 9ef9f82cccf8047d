/** How soon the first byte of a region can be used while the rest is still being populated. */
import { performance } from 'node:perf_hooks';
import { allocate } from 'hugepages';
import type { Region } from 'hugepages';
import { formatSize, GiB, MiB } from '../../lib/units.js';
import { collectGarbage } from '../support/buffer.js';
import { bounded } from '../support/measure.js';
import { DEFAULT_PAGE, withPages } from '../support/pages.js';
import type { Section } from '../support/report.js';
import { inTurn } from '../support/rounds.js';

const ROUNDS = 21;
const SIZES = [64 * MiB, 256 * MiB, GiB];

/** The ways to a first byte. V8 starts a collection when it hears of a large ArrayBuffer, and a window is a small one. */
const USES = {
  'buffer(0, 4096)': (region: Region) => new Uint8Array(region.buffer(0, 4096)),
  'bytes()': (region: Region) => region.bytes(),
} as const;

export function backgroundSections(): Section[] {
  return SIZES.map((size) => {
    const name = `first byte of ${formatSize(size)} populated in the background`;
    const measure = (): ReturnType<Section['measure']> =>
      withPages(DEFAULT_PAGE, size / DEFAULT_PAGE, async () => {
        const sides = Object.entries(USES).map(([use, view]) => [use, () => firstByte(size, view)] as const);
        const samples = await inTurn(ROUNDS, Object.fromEntries(sides));
        return Object.entries(samples).map(([use, milliseconds]) =>
          bounded(`${name}, by ${use}`, 'ms', milliseconds, { of: 'median', relation: '<', limit: 1 }),
        );
      });
    return { name, measure };
  });
}

/** @returns milliseconds from the call to a byte that is written */
async function firstByte(size: number, view: (region: Region) => Uint8Array): Promise<number> {
  await collectGarbage(); // a program does this once, and not right after the last time
  const start = performance.now();
  const region = await allocate({ size, pageSize: DEFAULT_PAGE, backing: ['hugetlb'], prefault: { background: true } });
  view(region)[0] = 1;
  const milliseconds = performance.now() - start;
  await region.ready;
  region.dispose();
  return milliseconds;
}
