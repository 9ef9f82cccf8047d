/** Giving a region's memory other addresses: for another size, or another alignment. */
import { HugePagesError, errnoName } from '../errors.js';
import type { HugePagesErrorCode } from '../errors.js';
import { native } from '../native.js';
import { Kind, RelocateOutcome, SourceKind } from '../native/regions.js';
import { formatSize } from '../units.js';
import { tellDegraded } from './degraded.js';
import type { RegionFacts } from './describe.js';
import { READ_ONLY, codedFailure, isSystemCallError, mapFailure } from './failures.js';
import type { Hold } from './hold.js';
import { forbidding, sealedFailure } from './sealed.js';

/** Where the memory goes. */
export interface Destination {
  /** Whole pages. */
  readonly byteLength: number;
  readonly alignment: number;
  readonly hint: bigint;
}

/**
 * Moves the memory, and detaches the views that this thread has of it.
 *
 * @param what - is being done, for the errors: `resize a region`
 */
export function relocate(hold: Hold, what: string, { byteLength, alignment, hint }: Destination): void {
  tellDegraded(hold.handle); // what is remapped forgets what happened to it
  const outcome = ((): number => {
    try {
      return native.relocate(hold.handle, byteLength, alignment, hint);
    } catch (error) {
      throw relocateFailure(hold, what, byteLength, error);
    }
  })();
  const refusal = REFUSALS.get(outcome);
  if (refusal !== undefined) throw new HugePagesError(refusal.code, `Cannot ${what}: ${refusal.because}`, { remedy: refusal.remedy });
  hold.refresh();
}

const REFUSALS = new Map<number, { readonly code: HugePagesErrorCode; readonly because: string; readonly remedy: string }>([
  [
    RelocateOutcome.inUse,
    {
      code: 'ERR_HUGEPAGES_BUSY',
      because: 'it is held a second time, by another thread or by this one, or something is under way on it',
      remedy: 'Await what is under way, such as a prefault, and dispose() the regions that were attached to it',
    },
  ],
  [
    RelocateOutcome.viewed,
    {
      code: 'ERR_HUGEPAGES_BUSY',
      because: 'private hugetlb pages leave their addresses for a moment, and a view of them is left that cannot be detached',
      remedy:
        'Let SharedArrayBuffers, and ArrayBuffers that were transferred, be collected first; ' +
        "or allocate with source: 'memfd', which has no such moment",
    },
  ],
  [
    RelocateOutcome.degraded,
    {
      code: 'ERR_HUGEPAGES_UNSUPPORTED',
      because: 'some of its pages are degraded, and are no part of what would be moved',
      remedy: 'Copy what is needed into a new region; or discard() those pages, which forgets what they hold',
    },
  ],
]);

/** Undefined when this region can get another size; else why it cannot, and what to do. */
export function keepsSize({ facts }: Hold, byteLength: number): { readonly because: string; readonly remedy: string } | undefined {
  const { source, shared, kind } = facts;
  if (source === SourceKind.sysv) return { because: 'a System V segment keeps its size', remedy: GROWABLE };
  if (source !== SourceKind.anonymous) {
    return shared ? undefined : { because: 'what a private mapping of a file has written is in no file', remedy: GROWABLE };
  }
  if (shared) return { because: 'shared memory without a file keeps its size', remedy: GROWABLE };
  if (kind !== Kind.hugetlb || byteLength <= facts.byteLength) return undefined;
  return { because: 'the kernel grows no anonymous hugetlb mapping', remedy: GROWABLE };
}

const GROWABLE = "Allocate with source: 'memfd', which grows and shrinks";

const REMEDIES: Readonly<Record<string, string>> = {
  ERANGE: 'Another process has resized the file: resize() to the size that it has, or dispose() and take it anew',
  EACCES: READ_ONLY,
};

function relocateFailure(hold: Hold, what: string, byteLength: number, error: unknown): unknown {
  if (!isSystemCallError(error)) return error;
  const { facts, target } = hold;
  const name = errnoName(error.errno);
  if (name === 'ENOMEM') {
    const needed = missingBytes(hold, byteLength);
    return mapFailure({ ...target, byteLength: needed === 0 ? byteLength : needed }, error, `Cannot ${what}`);
  }
  const seals = name === 'EPERM' ? forbidding(hold) : [];
  if (seals.length > 0) return sealedFailure(`Cannot ${what}`, seals, error);
  return codedFailure(`Cannot ${what}`, error, name === 'EINVAL' ? tooOld(facts) : REMEDIES[name]);
}

/** What a mapping of that size has to be given: what is new, and what is known of holes. */
function missingBytes({ facts, handle }: Hold, byteLength: number): number {
  const kept = Math.min(facts.byteLength, byteLength);
  return native.holes(handle, 0, kept).reduce((sum, { length }) => sum + length, byteLength - kept);
}

/** mremap(2) has learnt it at different times. */
function tooOld(facts: RegionFacts): string {
  if (facts.kind === Kind.hugetlb) return "Linux 5.16 moves hugetlb pages; regions of source 'memfd' and 'file' need no such kernel";
  return `This takes Linux ${facts.shared || facts.source !== SourceKind.anonymous ? '5.13' : '5.7'}`;
}

/** `resize a region of 4MiB to 8MiB` */
export function resizing({ facts }: Hold, byteLength: number): string {
  return `resize a region of ${formatSize(facts.byteLength)} to ${formatSize(byteLength)}`;
}
