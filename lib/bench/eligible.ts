/** Kinds of pages that a benchmark can measure; what it leaves out is noted. */
import { thp } from '../host/thp.js';
import { formatSize } from '../units.js';
import { backingName } from './backing-name.js';
import { possibleBackings } from './backings.js';
import type { Session } from './session.js';
import type { BenchBacking } from './types.js';

/** Kinds that page faults give. Where transparent huge pages are off there are still some to be had, by MADV_COLLAPSE, but of no fault. */
export function faultedBackings(session: Session): BenchBacking[] {
  const { enabled, processEnabled } = thp();
  const isOff = enabled === 'never' || processEnabled === false;
  return possibleBackings().filter((backing) => {
    if (backing.kind !== 'thp' || !isOff) return true;
    session.note(`${backingName(backing)}: not measured, page faults give none where they are off: hugepages doctor`);
    return false;
  });
}

/** Kinds of which at least one of the sizes is whole pages: of the others no pool need be grown. None where no size was left. */
export function wholeBackings(backings: readonly BenchBacking[], sizes: readonly number[], session: Session): BenchBacking[] {
  if (sizes.length === 0) return [];
  return backings.filter((backing) => {
    if (sizes.some((size) => size > 0 && size % backing.pageSize === 0)) return true;
    session.note(`${backingName(backing)}: not measured, ${formatSize(Math.max(...sizes))} are no whole pages`);
    return false;
  });
}
