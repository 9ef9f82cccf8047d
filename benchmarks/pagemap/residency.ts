/** The residency of huge pages, beside JavaScript that reads the same file, and beside the kernel's own page-types. */
import { closeSync, openSync, readSync } from 'node:fs';
import { allocateSync } from 'hugepages';
import type { Region } from 'hugepages';
import { GiB, MiB } from '../../lib/units.js';
import { inMemory } from '../prefault/memory.js';
import { bounded, compared, figure } from '../support/measure.js';
import type { Finding } from '../support/measure.js';
import type { Section } from '../support/report.js';
import { inTurn, warm } from '../support/rounds.js';
import { timed } from '../support/timed.js';
import { pageTypes } from './page-types.js';

const ROUNDS = 25;
const BASE_PAGE = 4096;
const ENTRY = BigUint64Array.BYTES_PER_ELEMENT;
const NAME = 'residency() of 1 GiB of 2 MiB pages';
const HUGETLB = { name: '2MiB hugetlb', backing: 'hugetlb', pageSize: 2 * MiB } as const;

export function residencySections(): Section[] {
  return [
    { name: NAME, measure: () => onPages(besideJavaScript) },
    { name: 'residency() beside page-types', measure: () => onPages(besidePageTypes) },
    { name: 'residency() of 64 GiB that are only reserved', measure: reserved },
  ];
}

function onPages(measure: (region: Region) => Promise<Finding[]>): Promise<Finding[]> {
  return inMemory(HUGETLB, GiB, async () => {
    const region = allocateSync({ size: GiB, backing: ['hugetlb'], pageSize: HUGETLB.pageSize });
    try {
      return await measure(region);
    } finally {
      region.dispose();
    }
  });
}

async function besideJavaScript(region: Region): Promise<Finding[]> {
  const { library, javascript } = await inTurn(ROUNDS, {
    library: warm(() => timed(() => present(region))),
    javascript: warm(() => timed(() => decode(region))),
  });
  return [
    figure('fs.readSync() of /proc/self/pagemap', 'ms', javascript),
    figure(NAME, 'ms', library),
    compared(NAME, 'fs.readSync() of /proc/self/pagemap', { ours: library, theirs: javascript }, { atLeast: 20 }),
  ];
}

/** Without the start of the program, which is what it takes for a single page. */
async function besidePageTypes(region: Region): Promise<Finding[]> {
  const run = pageTypes();
  const { library, all, one } = await inTurn(ROUNDS, {
    library: () => timed(() => present(region)),
    all: () => timed(() => run(region.address, region.byteLength)),
    one: () => timed(() => run(region.address, BASE_PAGE)),
  });
  const walks = all.map((milliseconds, round) => milliseconds - (one[round] ?? 0));
  return [
    figure('page-types of the same GiB, without its start', 'ms', walks),
    compared(NAME, 'page-types', { ours: library, theirs: walks }, { atLeast: 1 }),
  ];
}

async function reserved(): Promise<Finding[]> {
  const region = allocateSync({ size: 64 * GiB, backing: ['base'], reserve: false, prefault: false });
  try {
    const { library } = await inTurn(ROUNDS, { library: () => timed(() => region.residency()) });
    return [bounded('residency() of 64 GiB that are only reserved', 'ms', library, { of: 'median', relation: '<', limit: 5 })];
  } finally {
    region.dispose();
  }
}

function present(region: Region): void {
  if (region.residency().presentBytes !== GiB) throw new Error('some pages are missing');
}

/** The plainest way: one read, and one look at each entry. */
function decode({ address, byteLength }: Region): void {
  const pagemap = openSync('/proc/self/pagemap', 'r');
  const buffer = Buffer.alloc((byteLength / BASE_PAGE) * ENTRY);
  readSync(pagemap, buffer, 0, buffer.length, (address / BigInt(BASE_PAGE)) * BigInt(ENTRY));
  closeSync(pagemap);
  let bytes = 0;
  for (const entry of new BigUint64Array(buffer.buffer, buffer.byteOffset, buffer.length / ENTRY)) {
    if (entry >> 63n === 1n) bytes += BASE_PAGE;
  }
  if (bytes !== GiB) throw new Error('some pages are missing');
}
