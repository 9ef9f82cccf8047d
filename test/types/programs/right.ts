/** What a user may write, and what it is. Compiled, never run. */
import type { FileHandle } from 'node:fs/promises';
import { HugePagesError, Region, RegionCache, allocate, allocateSync, limits, mounts, numaNodes, pool, pools, thp } from 'hugepages';
import { setPool, setPoolSync } from 'hugepages';
import { leaks, ledger } from 'hugepages';
import type { Ledger, Seal } from 'hugepages';
import type { AllocateOptions, Backing, HugePagesErrorCode, PrefaultProgress } from 'hugepages';
import type { DegradedPage, DegradedPages } from 'hugepages';
import type { DiscardResult, Hole } from 'hugepages';
import type { PrefaultResult, RegionCacheStats, RegionToken, Residency, Size } from 'hugepages';
import type { TransferProgress, TransferResult, ZeroProgress, ZeroResult } from 'hugepages';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only when its type argument is `true`. */
declare function same<_ extends true>(): void;

export async function regions(signal: AbortSignal, handle: FileHandle): Promise<void> {
  const options: AllocateOptions = {
    size: '1GiB',
    pageSize: 'largest',
    backing: ['hugetlb', 'thp'],
    prefault: { background: true, threads: 2, nodes: [0], signal, onProgress: ({ populatedBytes }) => populatedBytes },
    numa: { mode: 'bind', nodes: [0] },
    onFork: 'inherit',
    onExhaustion: 'degrade',
    addressHint: 0n,
  };
  const region = await allocate(options);
  same<Equal<typeof region, Region>>();
  same<Equal<ReturnType<typeof allocateSync>, Region>>();
  same<Equal<Size, number | bigint | string>>();
  for (const size of [4096, 4096n, '4KiB']) allocateSync({ size });

  same<Equal<typeof region.address, bigint>>();
  same<Equal<typeof region.byteLength, number>>();
  same<Equal<typeof region.backing, Backing>>();
  same<Equal<Backing['kind'], 'hugetlb' | 'thp' | 'base'>>();
  same<Equal<Awaited<typeof region.ready>, PrefaultResult | undefined>>();
  same<Equal<typeof region.disposed, boolean>>();

  const buffer: ArrayBuffer = region.buffer(0, 4096);
  const shared: SharedArrayBuffer = region.sharedBuffer();
  const bytes: Buffer = region.bytes(0, 8);
  const floats: Float64Array = region.view(Float64Array, 8, 1);
  const counts: BigInt64Array = region.view(BigInt64Array);
  const view: DataView = region.view(DataView);
  void [buffer, shared, bytes, floats, counts, view];

  const prefaulted = await region.prefault({ offset: 0, length: 4096, onProgress: (progress: PrefaultProgress) => progress.totalBytes });
  same<Equal<typeof prefaulted, PrefaultResult>>();
  const zeroed = await region.zero(0, 4096, { threads: 1, signal, onProgress: (progress: ZeroProgress) => progress.zeroedBytes });
  same<Equal<typeof zeroed, ZeroResult>>();
  region.on('degraded', (page) => {
    same<Equal<typeof page, DegradedPage>>();
  });
  same<Equal<typeof region.degraded, DegradedPages>>();
  const loaded = await region.load(new URL('file:///data'), { offset: 0, position: 4096, direct: 'auto', threads: 2, signal });
  same<Equal<typeof loaded, TransferResult>>();
  await region.store(1, { length: 4096, direct: true, onProgress: (progress: TransferProgress) => progress.bytes });
  await region.store('data', { flag: 'wx' });
  await region.load(handle);
  const discarded = region.discard(0, 4096, { round: 'inward', keepReservation: true });
  same<Equal<typeof discarded, DiscardResult>>();
  same<Equal<DiscardResult['reservation'], 'kept' | 'lost' | 'none'>>();
  same<Equal<ReturnType<typeof region.holes>, readonly Hole[]>>();
  same<Equal<ReturnType<typeof region.refillSync>, PrefaultResult>>();
  await region.refill(0, 4096, { threads: 1, signal });
  region.reserve(0);
  region.protect('read', 0, 4096);
  region.advise('hugepage');
  region.lock();
  region.resize('2GiB');
  region.move({ alignment: 2n ** 30n, addressHint: 0n });
  region.seal('shrink', 'future-write');
  same<Equal<typeof region.seals, readonly Seal[]>>();
  region.unlock(0);
  const residency: Residency = region.residency();
  same<Equal<(typeof residency.runs)[number]['pfn'], bigint | undefined>>();

  const token: RegionToken = JSON.parse(JSON.stringify(region.share())) as RegionToken;
  using attached = Region.attach(token);
  using own = Region.attach(token, { access: 'read', onExhaustion: 'degrade' });
  same<Equal<typeof own.degraded.pages, number>>();
  const disposable: Disposable = attached;
  disposable[Symbol.dispose]();
  region.dispose();
}

export async function recycled(): Promise<boolean> {
  using cache = new RegionCache({ maxBytes: '1GiB', scrub: true, maxAge: 1000 });
  const region = await cache.acquire({ size: '2MiB' });
  same<Equal<typeof region, Region>>();
  const { hits, misses }: RegionCacheStats = cache.stats();
  return cache.trim('1MiB') + hits + misses > 0 && (await cache.release(region));
}

export function machine(): unknown[] {
  same<Equal<ReturnType<typeof pool>, ReturnType<typeof pools>[number] | undefined>>();
  void setPool({ pageSize: '2MiB', nodes: { 0: 1 } }, { signal: AbortSignal.timeout(1) });
  return [pools(), pool('2MiB')?.free, setPoolSync({ pageSize: 2 ** 21, pages: 1 }).granted, thp(), mounts(), limits(), numaNodes()];
}

export function handle(error: unknown): string | undefined {
  if (!(error instanceof HugePagesError)) return undefined;
  same<Equal<typeof error.code, HugePagesErrorCode>>();
  same<Equal<typeof error.errno, number | undefined>>();
  const mends: string | undefined = error.details.reasons?.[0]?.remedy?.command ?? error.details.command;
  const tried: string[] | undefined = error.details.attempts?.map(({ backing, code }) => `${backing}: ${code}`);
  const other: unknown = error.details['requestedBytes'];
  void [mends, tried, other, (error.details.populatedBytes ?? 0) + (error.details.pool?.free ?? 0)];
  return error.code === 'ERR_HUGEPAGES_NO_MEMORY' ? error.remedy : error.syscall;
}

export async function account(): Promise<string[]> {
  const { pools: found, partial, gaps }: Ledger = await ledger({ pageSize: '2MiB', attempts: 3 });
  const names = found.flatMap(({ rows }) =>
    rows.flatMap((row) => {
      if (row.kind === 'undetermined') return row.among.map(({ most }) => String(most));
      if (row.kind === 'residue') return row.reasons;
      return row.kind === 'memfd' ? [row.name, String(row.byteLength)] : row.holders.map(({ command }) => command);
    }),
  );
  return partial ? [...gaps] : [...names, ...(await leaks()).leaks.flatMap(({ command }) => command ?? [])];
}
