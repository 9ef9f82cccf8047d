/** What a file, memfd or segment that cannot be had is called. */
import type { HugePagesErrorDetails } from '../errors.js';
import { keyText } from '../host/explain/segment.js';
import type { RequestedSource, Step } from '../host/explain/types.js';

/** `, in /mnt/huge/cache` */
export function objectName(source: RequestedSource | undefined): string {
  switch (source?.kind) {
    case 'memfd':
      return ', as a memfd';
    case 'file':
      return `, in ${source.path ?? 'a file'}`;
    case 'sysv':
      return `, as a segment${source.key === 0 ? '' : ` with key ${keyText(source.key)}`}`;
    default:
      return '';
  }
}

export function objectFacts(source: RequestedSource | undefined): HugePagesErrorDetails {
  if (source === undefined || source.kind === 'anonymous') return {};
  const { kind, path, key } = source;
  return { source: kind, ...(path !== undefined && { path }), ...(key !== 0 && { key }) };
}

const MAKING = ['memfd_create', 'open', 'fstatfs', 'statx', 'ftruncate', 'linkat', 'shmget', 'shmctl'];

/** The step of an allocation that a failed call is. */
export function stepOf(syscall: string): Step {
  if (syscall === 'mbind') return 'bind';
  return MAKING.includes(syscall) ? 'make' : 'map';
}
