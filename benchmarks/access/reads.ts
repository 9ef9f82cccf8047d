/** The same reads of both, at sizes from the first cache to far beyond the TLB. */
import { performance } from 'node:perf_hooks';
import { allocate, pools } from 'hugepages';
import { timeRandomReads } from '../../lib/cli/demo/work.js';
import { formatSize, GiB, KiB, MiB } from '../../lib/units.js';
import { bounded, figure } from '../support/measure.js';
import type { Bound, Finding } from '../support/measure.js';
import { withPages } from '../support/pages.js';
import type { Section } from '../support/report.js';
import { inTurn, ratios } from '../support/rounds.js';

const ROUNDS = 21;
const RANDOM_READS = 1 << 20;
const SCAN_BYTES = 64 * MiB;

const AS_FAST: Bound = { of: 'median', relation: '>=', limit: 0.97 };
const FASTER: Bound = { of: 'median', relation: '>', limit: 1 };

/** Between the two are sizes that a cache holds and a TLB does not, on one processor or another: no bound fits all. */
const SIZES: readonly (readonly [size: number, bound: Bound])[] = [
  [16 * KiB, AS_FAST],
  [256 * KiB, AS_FAST],
  [64 * MiB, FASTER],
  [256 * MiB, FASTER],
  [GiB, FASTER],
];

export function readSections(): Section[] {
  const pageSize = pools().find(({ isDefault }) => isDefault)?.pageSize ?? 2 * MiB;
  return SIZES.map(([size, bound]) => {
    const name = formatSize(size);
    return { name, measure: () => withPages(pageSize, Math.ceil(size / pageSize), () => compare(name, size, pageSize, bound)) };
  });
}

async function compare(name: string, size: number, pageSize: number, bound: Bound): Promise<Finding[]> {
  const region = await allocate({ size, pageSize, backing: ['hugetlb'] });
  try {
    const words = size / Int32Array.BYTES_PER_ELEMENT;
    const mine = region.view(Int32Array, 0, words).fill(0);
    const ordinary = new Int32Array(new ArrayBuffer(size)).fill(0);
    const random = await inTurn(ROUNDS, {
      mine: () => timeRandomReads(mine, RANDOM_READS, never),
      ordinary: () => timeRandomReads(ordinary, RANDOM_READS, never),
    });
    const scans = await inTurn(ROUNDS, { mine: () => timeScans(mine), ordinary: () => timeScans(ordinary) });
    return [
      figure(`dependent random reads of ${name}`, 'ns', random.mine),
      bounded('  ordinary by region', '', ratios(random.ordinary, random.mine), bound),
      figure(`scan of ${name}`, 'GiB/s', scans.mine.map((nanoseconds) => 1e9 / nanoseconds / GiB)),
      // Prefetching hides the TLB from a scan: no slower is all there is to ask.
      bounded('  ordinary by region', '', ratios(scans.ordinary, scans.mine), AS_FAST),
    ];
  } finally {
    region.dispose();
  }
}

const never = new AbortController().signal;

/** @returns nanoseconds per byte */
function timeScans(words: Int32Array): number {
  const scans = Math.max(1, Math.round(SCAN_BYTES / words.byteLength));
  let sum = 0;
  const start = performance.now();
  for (let done = 0; done < scans; done++) sum += total(words);
  const milliseconds = performance.now() - start;
  // All is zero; asking keeps the loop from being optimised away.
  if (sum !== 0) throw new Error(`Somebody wrote to the memory: ${String(sum)}`);
  return (milliseconds * 1e6) / (scans * words.byteLength);
}

function total(words: Int32Array): number {
  let sum = 0;
  // By index: an iterator would be what is measured.
  // eslint-disable-next-line @typescript-eslint/prefer-for-of
  for (let index = 0; index < words.length; index++) sum = (sum + (words[index] ?? 0)) | 0;
  return sum;
}
