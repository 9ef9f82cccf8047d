/** Memory that promises to stay as it is: seals of a memfd. */
import { HugePagesError, errnoName } from '../errors.js';
import { native } from '../native.js';
import { SourceKind } from '../native/regions.js';
import { READ_ONLY, codedFailure, isSystemCallError } from './failures.js';
import { live } from './held.js';
import type { Hold } from './hold.js';
import { ResizableMemory } from './resizable.js';
import { sealedFailure, sealsOf } from './sealed.js';
import { parseSeals } from './seals.js';
import type { Seal } from './seals.js';

/** The part of a Region that is about seals. */
export abstract class SealableMemory extends ResizableMemory {
  /**
   * What the region is sealed against, asked of the kernel at each read: others may add seals. Only a memfd has any; since Linux 6.3 those
   * of this library have `'exec'` from the start.
   */
  get seals(): readonly Seal[] {
    return sealsOf(live(this));
  }

  /**
   * Forbids changes for good, to every process that has this memfd: fcntl(2), F_ADD_SEALS.
   *
   * `'shrink'` and `'grow'` fix the size; a hole can still be punched. `'future-write'` (Linux 5.1) lets nobody map it writable any more,
   * nor punch holes; mappings that are there, this one among them, go on writing, and can neither be resized nor moved. `'write'` forbids
   * all writing, and cannot be had while anybody has it mapped writable and shared, as this region does. `'exec'` (6.3) fixes its mode,
   * `'seal'` the seals.
   *
   * @throws TypeError, RangeError; HugePagesError `ERR_HUGEPAGES_UNSUPPORTED` for what is no memfd, and for seals that this kernel lacks,
   *   `ERR_HUGEPAGES_BUSY` for `'write'` while it is mapped writable, `ERR_HUGEPAGES_SEALED` once `'seal'` is set,
   *   `ERR_HUGEPAGES_PERMISSION` for what was attached for reading
   */
  seal(...seals: Seal[]): void {
    const hold = live(this);
    const bits = parseSeals(seals, 'seals');
    if (hold.facts.source !== SourceKind.memfd) {
      throw new HugePagesError('ERR_HUGEPAGES_UNSUPPORTED', 'Only a memfd has seals', { remedy: "Allocate with source: 'memfd'" });
    }
    try {
      native.seal(hold.handle, bits);
    } catch (error) {
      throw sealFailure(hold, seals, error);
    }
  }
}

const REMEDIES: Partial<Record<string, string>> = {
  EBUSY: "'future-write' forbids everybody else to write; 'write' takes that every shared mapping is disposed or read-only",
  EPERM: READ_ONLY,
  EINVAL: "'future-write' takes Linux 5.1, 'exec' 6.3",
};

function sealFailure(hold: Hold, seals: readonly Seal[], error: unknown): unknown {
  if (!isSystemCallError(error)) return error;
  const what = `Cannot seal a region against '${seals.join("', '")}'`;
  const present = sealsOf(hold);
  if (errnoName(error.errno) === 'EPERM' && present.includes('seal')) return sealedFailure(what, ['seal'], error);
  return codedFailure(what, error, REMEDIES[errnoName(error.errno)]);
}
