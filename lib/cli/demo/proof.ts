/** Proves what a region is made of, from two files of the kernel that know nothing of this library. */
import { readFileSync } from 'node:fs';
import type { Region } from '../../index.js';
import { formatSize } from '../../units.js';
import { bad, good, list } from '../render.js';
import { mappingsIn } from './smaps.js';
import type { SmapsMapping } from './smaps.js';
import type { Stage } from './stage.js';

/** What the two files say; bytes. */
export interface Proof {
  readonly pagemap: {
    readonly presentBytes: number;
    readonly absentBytes: number;
    /** What is present, by size of the page-table entry that maps it. */
    readonly pages: readonly { readonly pageSize: number; readonly count: number }[];
    /** Frame number of the first page, in hexadecimal. Only with CAP_SYS_ADMIN. */
    readonly firstFrame?: string;
  };
  /** The sums over the mappings of the range. */
  readonly smaps: Omit<SmapsMapping, 'start' | 'end'>;
  /** Whether both files confirm `region.backing`. */
  readonly confirmed: boolean;
}

/** Reads `/proc/self/pagemap` and `/proc/self/smaps` at the region's address. */
export function proveBacking(region: Region, stage: Stage): Proof {
  stage.title('What the kernel says it is');
  const pagemap = readPagemap(region);
  const end = region.address + BigInt(region.byteLength);
  const smaps = sum(mappingsIn(readFileSync('/proc/self/smaps', 'utf8'), region.address, end));
  const proof: Proof = { pagemap, smaps, confirmed: confirms(region, pagemap, smaps) };
  stage.say(...renderProof(proof, region.backing.kind));
  return proof;
}

function readPagemap(region: Region): Proof['pagemap'] {
  const { runs, presentBytes, absentBytes } = region.residency();
  const counts = new Map<number, number>();
  for (const { pageSize, length, present } of runs) {
    if (present) counts.set(pageSize, (counts.get(pageSize) ?? 0) + length / pageSize);
  }
  const pages = [...counts].map(([pageSize, count]) => ({ pageSize, count }));
  const pfn = runs[0]?.pfn;
  return { presentBytes, absentBytes, pages, ...(pfn !== undefined && { firstFrame: `0x${pfn.toString(16)}` }) };
}

function sum(mappings: readonly SmapsMapping[]): Proof['smaps'] {
  const total = (key: keyof Proof['smaps']): number => mappings.reduce((bytes, mapping) => bytes + mapping[key], 0);
  const least = (key: keyof Proof['smaps']): number => Math.min(...mappings.map((mapping) => mapping[key]));
  return {
    kernelPageSize: least('kernelPageSize'),
    mmuPageSize: least('mmuPageSize'),
    rss: total('rss'),
    anonHugePages: total('anonHugePages'),
    privateHugetlb: total('privateHugetlb'),
    sharedHugetlb: total('sharedHugetlb'),
  };
}

function confirms(region: Region, pagemap: Proof['pagemap'], smaps: Proof['smaps']): boolean {
  if (pagemap.presentBytes !== region.byteLength) return false;
  const hugetlb = smaps.privateHugetlb + smaps.sharedHugetlb;
  switch (region.backing.kind) {
    case 'hugetlb':
      return hugetlb === region.byteLength && smaps.kernelPageSize === region.pageSize;
    case 'thp':
      return hugetlb === 0 && smaps.anonHugePages >= region.byteLength / 2;
    case 'base':
      return hugetlb === 0 && smaps.anonHugePages < region.byteLength / 2;
  }
}

/** The two page sizes of smaps are the mapping's, which knows nothing of what is transparent. */
function mappingNote(kind: string): string {
  return kind === 'thp' ? ' (of the mapping; what is huge in it is AnonHugePages)' : '';
}

function renderProof({ pagemap, smaps, confirmed }: Proof, kind: string): string[] {
  const pages = pagemap.pages.map(({ pageSize, count }) => `${String(count)} entries of ${formatSize(pageSize)}`).join(', ');
  const frame = pagemap.firstFrame === undefined ? 'frame numbers are hidden from this user' : `first frame ${pagemap.firstFrame}`;
  const sizes = `KernelPageSize ${formatSize(smaps.kernelPageSize)}, MMUPageSize ${formatSize(smaps.mmuPageSize)}`;
  return [
    ...list([
      ['/proc/self/pagemap', `${formatSize(pagemap.presentBytes)} present, ${formatSize(pagemap.absentBytes)} absent: ${pages}; ${frame}`],
      ['/proc/self/smaps', `${sizes}${mappingNote(kind)}`],
      ['', `Private_Hugetlb ${formatSize(smaps.privateHugetlb)}, Shared_Hugetlb ${formatSize(smaps.sharedHugetlb)}`],
      ['', `AnonHugePages ${formatSize(smaps.anonHugePages)}, Rss ${formatSize(smaps.rss)} (which leaves out hugetlb)`],
    ]),
    confirmed ? good(`  Both confirm it: ${kind}`) : bad(`  They do not confirm it: the region says ${kind}`),
  ];
}
