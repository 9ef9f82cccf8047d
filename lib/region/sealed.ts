/** What a region is sealed against, and the error of what that forbids. */
import { HugePagesError } from '../errors.js';
import { native } from '../native.js';
import { SourceKind } from '../native/regions.js';
import type { SystemCallError } from './failures.js';
import type { Hold } from './hold.js';
import { sealNames } from './seals.js';
import type { Seal } from './seals.js';

/** What a memfd is sealed against; nothing else is ever sealed. */
export function sealsOf({ facts, handle }: Hold): Seal[] {
  return sealNames(facts.source === SourceKind.memfd ? native.seals(handle) : 0);
}

/** The seals that forbid to change the memory or its size, or to map it once more. */
export function forbidding(hold: Hold): Seal[] {
  return sealsOf(hold).filter((seal) => seal !== 'seal' && seal !== 'exec');
}

/** The error of an operation that a seal forbids. */
export function sealedFailure(what: string, seals: readonly Seal[], { errno, syscall, ...error }: SystemCallError): HugePagesError {
  return new HugePagesError('ERR_HUGEPAGES_SEALED', `${what}: it is sealed against '${seals.join("', '")}'`, {
    errno,
    syscall,
    details: { seals },
    remedy: 'Seals stay for ever: allocate a new region without them',
    cause: error,
  });
}
