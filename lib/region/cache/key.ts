/** What makes two allocations interchangeable. */
import { MapFlag } from '../../native/regions.js';
import type { Plan } from '../options.js';

/** Memory that others may reach or hold, or that may lose its pages, is not handed on. */
const OTHERS = MapFlag.shared | MapFlag.inheritOnFork | MapFlag.degrade;

/**
 * The same for allocations that one region serves: those of the same first choice. Undefined for memory that is never kept.
 */
export function keyOf({ candidates, source, flags, alignment, hint, nodeMode, nodes }: Plan): string | undefined {
  const [first] = candidates;
  if (first === undefined || first.unavailable !== undefined || source.kind !== 'anonymous' || (flags & OTHERS) !== 0) return undefined;
  const { backing, pageSize, byteLength } = first;
  return JSON.stringify([backing, pageSize, byteLength, flags, alignment, String(hint), nodeMode, nodes]);
}
