/** What a user may ask about processes, and what the types keep from being asked. Compiled, never run. */
import { WriteTracker, addressSpace, pagemap, processAccount, processes } from 'hugepages';
import type { AddressSpace, HugetlbUse, MappingAccount, PageMap, PageMapRun, PageShare } from 'hugepages';
import type { ProcessAccount, ProcessEntry, ProcessesOptions, Region, WrittenRange } from 'hugepages';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only when its type argument is `true`. */
declare function same<_ extends true>(): void;

export async function readers(options: ProcessesOptions): Promise<number> {
  const account = await processAccount(1, { root: '/' });
  same<Equal<typeof account, ProcessAccount>>();
  same<Equal<ProcessAccount['mappings'], readonly MappingAccount[] | undefined>>();
  same<Equal<MappingAccount['start'], bigint>>();
  same<Equal<ProcessAccount['hugetlb'], readonly HugetlbUse[]>>();
  let total = 0;
  for await (const entry of processes({ ...options, sort: 'hugetlb', minSize: '2MiB', user: 'root', signal: AbortSignal.timeout(1) })) {
    same<Equal<typeof entry, ProcessEntry>>();
    if (entry.state === 'read') total += entry.total;
    else if (entry.state === 'unreadable') total += entry.hugetlbBytes ?? 0;
    else same<Equal<typeof entry.state, 'vanished'>>();
  }
  return total;
}

export async function mappings(): Promise<bigint | undefined> {
  const space = await addressSpace(1, { root: '/', hugeOnly: true });
  same<Equal<typeof space, AddressSpace>>();
  same<Equal<PageShare['kind'], 'hugetlb' | 'thp' | 'base' | 'swap' | 'hugetlb-absent' | 'absent'>>();
  return space.mappings[0]?.end;
}

export async function pages(): Promise<bigint | undefined> {
  const found = await pagemap(1, { start: 0x7f0000000000n, end: 0x7f0000200000n }, { frames: false, signal: AbortSignal.timeout(1) });
  same<Equal<typeof found, PageMap>>();
  same<Equal<PageMapRun['start'], bigint>>();
  return found.runs[0]?.pfn;
}

export function writes(region: Region): readonly WrittenRange[] {
  const tracker = region.trackWrites();
  same<Equal<typeof tracker, WriteTracker>>();
  const written = tracker.take();
  tracker.dispose();
  return tracker.disposed ? written : [];
}

export function wrong(entry: ProcessEntry, region: Region): void {
  // @ts-expect-error: addresses are bigints
  void pagemap(1, { start: 0, end: 4096 });
  // @ts-expect-error: no such option
  void pagemap(1, undefined, { softDirty: true });
  // @ts-expect-error: all of the region is tracked
  region.trackWrites({ offset: 0 });
  // @ts-expect-error: only a region makes one
  new WriteTracker();
  // @ts-expect-error: a process is a number
  void processAccount('self');
  // @ts-expect-error: no such order
  processes({ sort: 'size' });
  // @ts-expect-error: no such option
  processes({ uid: 0 });
  // @ts-expect-error: no such option
  void addressSpace(1, { all: true });
  // @ts-expect-error: one that could not be read has no total
  void entry.total;
}
