/** What the types keep a user from writing. Compiled, never run: a line without an error is an error. */
import { Region, allocate, allocateSync, setPool } from 'hugepages';
import type { HugePagesError } from 'hugepages';

export async function options(): Promise<void> {
  // @ts-expect-error: size is required
  await allocate({});
  // @ts-expect-error: a size is no boolean
  await allocate({ size: true });
  // @ts-expect-error: misspelt
  await allocate({ size: 1, backings: ['thp'] });
  // @ts-expect-error: no such backing
  await allocate({ size: 1, backing: ['gigantic'] });
  // @ts-expect-error: one of two words
  await allocate({ size: 1, onFork: true });
  // @ts-expect-error: addresses are bigints
  await allocate({ size: 1, addressHint: 4096 });
  // @ts-expect-error: no such mode
  await allocate({ size: 1, numa: { mode: 'strict' } });
  // @ts-expect-error: nothing can abort what blocks
  allocateSync({ size: 1, prefault: { signal: AbortSignal.abort() } });
  // @ts-expect-error: nothing runs behind what blocks
  allocateSync({ size: 1, prefault: { background: true } });
  // @ts-expect-error: a number of pages
  await setPool({ pageSize: '2MiB', pages: '1' });
}

export function regions(region: Region): void {
  // @ts-expect-error: made by allocate()
  new Region();
  // @ts-expect-error: read-only
  region.byteLength = 1;
  // @ts-expect-error: read-only
  region.backing = { kind: 'base', pageSize: 4096, presentBytes: 0, hugeBytes: 0 };
  // @ts-expect-error: offsets are numbers
  region.buffer(0n);
  // @ts-expect-error: not the constructor of a typed array
  region.view('Uint8Array');
  // @ts-expect-error: no such protection
  region.protect('write');
  // @ts-expect-error: advice that throws pages away is not offered
  region.advise('dontneed');
  // @ts-expect-error: a range, so that nobody discards all by mistake
  region.discard();
  // @ts-expect-error: a part is never rounded outward
  region.discard(0, 1, { round: 'outward' });
  // @ts-expect-error: a region is no token
  Region.attach(region);
  // @ts-expect-error: what allocate() takes for it, and nothing else
  void Region.receive('\0socket', { onExhaustion: 'ignore' });
  // @ts-expect-error: runs behind an allocation only
  void region.prefault({ background: true });
  // @ts-expect-error: a size is required
  region.resize();
  // @ts-expect-error: no such seal
  region.seal('read');
  // @ts-expect-error: private
  void region.handle;
}

export function errors(error: HugePagesError): boolean {
  // @ts-expect-error: no such code
  return error.code === 'ERR_HUGEPAGES_NO_MEMROY';
}
