/** Where a user may say that memory comes from, and who gets it; and what the types refuse of that. Compiled, never run. */
import { Region, allocate, allocateSync } from 'hugepages';
import type { AllocateOptions, AllocateSyncOptions, Seal, SharedObject, Source } from 'hugepages';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only when its type argument is `true`. */
declare function same<_ extends true>(): void;

export async function sources(mountPoint: string, seals: readonly Seal[]): Promise<void> {
  const region = await allocate({ size: 1, source: 'memfd', name: 'table', seals, shared: false });
  allocateSync({ size: 1, source: 'file' });
  allocateSync({ size: 1, source: 'file', path: `${mountPoint}/table`, persistent: true, existing: 'adopt' });
  allocateSync({ size: 1, source: 'sysv', key: 0x68756765, persistent: true, existing: 'refuse', onExhaustion: 'degrade' });
  const common: AllocateOptions & AllocateSyncOptions = { size: 1, source: 'anonymous', shared: true };
  allocateSync(common);

  same<Equal<Source, 'anonymous' | 'memfd' | 'file' | 'sysv'>>();
  same<Equal<AllocateOptions['source'], Source | undefined>>();
  same<Equal<AllocateSyncOptions['source'], Source | undefined>>();
  same<Equal<AllocateOptions['existing'], 'refuse' | 'adopt' | undefined>>();
  same<Equal<Seal, 'seal' | 'shrink' | 'grow' | 'write' | 'future-write' | 'exec'>>();
  same<Equal<typeof region.source, Source>>();
  same<Equal<typeof region.path, string | undefined>>();
  same<Equal<typeof region.shared, boolean>>();
  same<Equal<ReturnType<typeof region.share>['object'], SharedObject | undefined>>();
}

export async function handing(region: Region, signal: AbortSignal): Promise<Region> {
  const sent = region.sendTo('/run/service/socket', { timeout: 1000, signal, peer: 'any-user' });
  same<Equal<typeof sent, Promise<void>>>();
  Region.attach(region.share(), { access: 'read' }).dispose();
  return Region.receive('\0abstract', { access: 'read-write', peer: 'same-user', timeout: Infinity });
}

export function wrong(region: Region): void {
  // @ts-expect-error: no such source
  allocateSync({ size: 1, source: 'shm' });
  // @ts-expect-error: no file handles
  allocateSync({ size: 1, source: 'file', path: 3 });
  // @ts-expect-error: a file URL is no path here
  allocateSync({ size: 1, source: 'file', path: new URL('file:///dev/hugepages') });
  // @ts-expect-error: a key is a number
  allocateSync({ size: 1, source: 'sysv', key: 'table' });
  // @ts-expect-error: one of two words
  allocateSync({ size: 1, source: 'sysv', key: 1, persistent: true, existing: true });
  // @ts-expect-error: an array
  allocateSync({ size: 1, source: 'memfd', seals: 'shrink' });
  // @ts-expect-error: no such seal
  allocateSync({ size: 1, source: 'memfd', seals: ['read'] });
  // @ts-expect-error: a name is a string
  allocateSync({ size: 1, source: 'memfd', name: 1 });
  // @ts-expect-error: the mode of an open file, and no access
  Region.attach(region.share(), { access: 'r' });
  // @ts-expect-error: who makes the token says nothing of access
  region.share({ access: 'read' });
  // @ts-expect-error: no such peer
  void region.sendTo('/run/service/socket', { peer: 'anybody' });
  // @ts-expect-error: the receiver's choice
  void region.sendTo('/run/service/socket', { access: 'read' });
  // @ts-expect-error: a socket is a path
  void Region.receive(3);
}
