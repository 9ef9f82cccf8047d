/** The same reads of both, at sizes from the first cache to far beyond the TLB. */
import { performance } from 'node:perf_hooks';
import { allocate } from 'hugepages';
import { timeRandomReads } from '../../lib/cli/demo/work.js';
import { formatSize, GiB, KiB, MiB } from '../../lib/units.js';
import { compared, figure } from '../support/measure.js';
import type { Finding } from '../support/measure.js';
import { DEFAULT_PAGE, withPages } from '../support/pages.js';
import type { Section } from '../support/report.js';
import { inTurn } from '../support/rounds.js';
import type { ClaimName } from '../summary/claims.js';

const ROUNDS = 21;
const RANDOM_READS = 1 << 20;
const SCAN_BYTES = 64 * MiB;

const PEER = 'an ordinary ArrayBuffer';
const AS_FAST = 0.97;

interface Size {
  readonly size: number;
  /** Of random reads. */
  readonly atLeast: number;
  readonly random?: ClaimName;
  readonly scan: ClaimName;
}

/** Between the two are sizes that a cache holds and a TLB does not, on one processor or another: no bound fits all. */
const SIZES: readonly Size[] = [
  { size: 16 * KiB, atLeast: AS_FAST, random: 'reads in caches', scan: 'scan in caches' },
  { size: 256 * KiB, atLeast: AS_FAST, random: 'reads in caches', scan: 'scan in caches' },
  { size: 64 * MiB, atLeast: 1, random: 'reads of 64 MiB', scan: 'scan beyond caches' },
  { size: 256 * MiB, atLeast: 1, scan: 'scan beyond caches' },
  { size: GiB, atLeast: 1, random: 'reads of 1 GiB', scan: 'scan beyond caches' },
];

export function readSections(): Section[] {
  return SIZES.map((size) => ({
    name: formatSize(size.size),
    measure: () => withPages(DEFAULT_PAGE, Math.ceil(size.size / DEFAULT_PAGE), () => compare(size)),
  }));
}

async function compare({ size, atLeast, ...claims }: Size): Promise<Finding[]> {
  const region = await allocate({ size, backing: ['hugetlb'] });
  try {
    const words = size / Int32Array.BYTES_PER_ELEMENT;
    const ours = region.view(Int32Array, 0, words).fill(0);
    const theirs = new Int32Array(new ArrayBuffer(size)).fill(0);
    const random = await inTurn(ROUNDS, {
      ours: () => timeRandomReads(ours, RANDOM_READS, never),
      theirs: () => timeRandomReads(theirs, RANDOM_READS, never),
    });
    const scans = await inTurn(ROUNDS, { ours: () => timeScans(ours), theirs: () => timeScans(theirs) });
    const reads = `dependent random reads of ${formatSize(size)}`;
    const scan = `scan of ${formatSize(size)}`;
    return [
      figure(reads, 'ns', random.ours),
      compared(reads, PEER, random, { atLeast, claim: claims.random }),
      figure(scan, 'GiB/s', scans.ours.map((nanoseconds) => 1e9 / nanoseconds / GiB)),
      // Prefetching hides the TLB from a scan: no slower is all there is to ask.
      compared(scan, PEER, scans, { atLeast: AS_FAST, claim: claims.scan }),
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
