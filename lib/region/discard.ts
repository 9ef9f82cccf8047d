/** Giving parts of a region back: what it is asked, what it did, and why it failed. */
import { constants } from 'node:os';
import { checkBoolean, checkInteger, checkOneOf, checkOptions } from '../arguments.js';
import type { Part } from '../arguments.js';
import { HugePagesError } from '../errors.js';
import type { HugePagesErrorDetails } from '../errors.js';
import { native } from '../native.js';
import type { DiscardFacts, Reservation } from '../native/holes.js';
import { READ_ONLY, isSystemCallError, reserveFailure } from './failures.js';
import type { Hold } from './hold.js';
import { sealedFailure, sealsOf } from './sealed.js';

/** How a part of a region is given back. */
export interface DiscardOptions {
  /** `inward`: of a range that ends inside pages, those that lie wholly in it. Default: such a range is an error. */
  readonly round?: 'inward';
  /**
   * Take the reservation of the pages back at once, so that nobody else has them when they are wanted again. In between they are anybody's:
   * if somebody took them, the pages are discarded and the error is `ERR_HUGEPAGES_NO_MEMORY`. Default false.
   */
  readonly keepReservation?: boolean;
}

/** What {@link Region.discard} did. */
export interface DiscardResult {
  /** Bytes from the start of the region, after rounding. */
  readonly offset: number;
  readonly length: number;
  /** Bytes that went back: what of the range was populated. */
  readonly freedBytes: number;
  /** The same in pages of the region, which need not be whole ones where it is not hugetlb. */
  readonly freedPages: number;
  /**
   * Of the range. `kept`: its pages are there when it is touched. `lost`: some of it is a hole, and whoever comes first has its page.
   * `none`: this memory is no hugetlb, and nothing of it was ever reserved.
   */
  readonly reservation: 'kept' | 'lost' | 'none';
}

/** A part of a region without pages and without a reservation. Bytes from its start. */
export interface Hole {
  readonly offset: number;
  readonly length: number;
}

export function parseDiscard(hold: Hold, offset: unknown, length: unknown, given: unknown): Part & { keepReservation: boolean } {
  const { round, keepReservation } = checkOptions(given, 'options', ['round', 'keepReservation']);
  if (round !== undefined) checkOneOf(round, 'options.round', ['inward']);
  const { granule } = hold;
  // No defaults: discarding the whole region is nothing to ask for by mistake.
  const start = checkInteger(offset, 'offset', 0, hold.facts.byteLength);
  const bytes = checkInteger(length, 'length', 0, hold.facts.byteLength - start);
  const part = round === undefined ? hold.granules(start, bytes) : roundInward(start, bytes, granule);
  return { ...part, keepReservation: checkBoolean(keepReservation, 'options.keepReservation', false) };
}

function roundInward(offset: number, length: number, granule: number): Part {
  const start = Math.ceil(offset / granule) * granule;
  return { offset: start, length: Math.max(0, Math.floor((offset + length) / granule) * granule - start) };
}

const RESERVATIONS = ['none', 'kept', 'lost'] as const satisfies readonly (keyof typeof Reservation)[];

const REMEDIES = {
  EACCES: READ_ONLY,
  EINVAL: 'Private hugetlb memory is discarded since Linux 5.18, shared memory before; other memory must not be locked: region.unlock()',
};

export function discard(hold: Hold, part: Part, keepReservation: boolean): DiscardResult {
  const { offset, length } = part;
  const run = (handle: number): DiscardFacts => native.discard(handle, offset, length, keepReservation);
  const { freedBytes, reservation, error } = explained(hold, part, () => hold.call('discard a part of', run, REMEDIES));
  const freedPages = freedBytes / hold.facts.pageSize;
  const result: DiscardResult = { offset, length, freedBytes, freedPages, reservation: RESERVATIONS[reservation] ?? 'none' };
  if (error !== undefined) throw shortOfPages(hold, part, error, { ...result });
  return result;
}

export function reserve(hold: Hold, part: Part): void {
  const run = (handle: number): void => {
    native.reserve(handle, part.offset, part.length);
  };
  explained(hold, part, () => {
    hold.call('reserve a part of', run);
  });
}

/** Says why the kernel refuses. */
function explained<T>(hold: Hold, part: Part, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof HugePagesError)) throw error;
    if (error.errno === -constants.errno.EOPNOTSUPP) {
      throw new HugePagesError('ERR_HUGEPAGES_UNSUPPORTED', 'The kernel has no way to take back the reservation of such memory', {
        remedy: 'Allocate shared memory of source memfd or file, which has one; or take the pages themselves with region.refill()',
      });
    }
    if (error.errno === -constants.errno.EPERM && isSystemCallError(error.cause)) {
      const seals = sealsOf(hold).filter((seal) => seal === 'write' || seal === 'future-write');
      if (seals.length > 0) throw sealedFailure('Cannot discard a part of a region', seals, error.cause);
    }
    throw error.code === 'ERR_HUGEPAGES_NO_MEMORY' ? shortOfPages(hold, part, error.cause) : error;
  }
}

export function holes(hold: Hold, { offset, length }: Part): readonly Hole[] {
  return hold.call('read the page map of', (handle) => native.holes(handle, offset, length));
}

/** The reservation asks for the pages of holes. Of those that other processes made, nobody here knows. */
function shortOfPages(hold: Hold, part: Part, error: unknown, facts?: HugePagesErrorDetails): unknown {
  const known = holes(hold, part).reduce((sum, { length }) => sum + length, 0);
  return reserveFailure({ ...hold.target, byteLength: known === 0 ? part.length : known }, error, facts);
}
