/** The System V segments on huge pages of this IPC namespace. */
import { countsSegmentsInBasePages, kernelVersion } from '../../host/kernel-version.js';
import { poolPageSizes } from '../../host/pools/pools.js';
import { segmentPageSize, segmentState } from '../../host/segments.js';
import type { Segment } from '../../host/segments.js';
import { readNumber } from '../../host/text.js';
import { native } from '../../native.js';
import { Holders } from './holders.js';
import type { SharedObject, SharedObjects } from './objects.js';
import type { LedgerSegment } from './types.js';

/**
 * Tells the objects that are segments who made them, and adds those that nobody has attached, or nobody that is seen.
 *
 * @returns how many might be on huge pages, and cannot be told
 */
export function addSegments(objects: SharedObjects, ipcNamespace: string): number {
  const attached = objects.segments(ipcNamespace);
  let untold = 0;
  for (const segment of segmentState().segments ?? []) {
    const object = attached.get(segment.id) ?? unattached(segment);
    if (object === undefined) untold++;
    else if (object !== 'base') {
      if (!attached.has(segment.id)) objects.addSegment(object);
      object.segment = described(segment);
      object.facts ??= { size: segment.size, allocated: presentBytes(segment, object.pageSize) };
    }
  }
  return untold;
}

function unattached(segment: Segment): SharedObject | 'base' | undefined {
  const { id, key, size, presentBytes: present, attachments } = segment;
  const base = native.basePageSize();
  // Less than the smallest page of any pool.
  if (present !== 0 && present < Math.min(...poolPageSizes())) return 'base';
  // With this setting a segment goes with its last attachment, whoever made it: ours, when we look.
  if (attachments === 0 && readNumber('/proc/sys/kernel/shm_rmid_forced', {}) === 1) return undefined;
  const pageSize = segmentPageSize(id);
  if (pageSize === undefined) return undefined;
  if (pageSize === base) return 'base';
  const name = `/SYSV${(key >>> 0).toString(16).padStart(8, '0')}`;
  const facts = { size, allocated: presentBytes(segment, pageSize) };
  const unknown = { device: undefined, linked: false, segment: undefined, holders: new Holders(), mappings: [] };
  return { kind: 'sysv', name, inode: id, pageSize, facts, ...unknown };
}

function presentBytes({ presentBytes: present }: Segment, pageSize: number): number {
  return countsSegmentsInBasePages(kernelVersion({})) ? present / (pageSize / native.basePageSize()) : present;
}

function described({ id, key, creatorUid, creatorPid, attachments }: Segment): LedgerSegment {
  return { id, key, creatorUid, creatorPid, attachments };
}
