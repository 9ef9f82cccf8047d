/** The System V segments on huge pages of all IPC namespaces that can be entered. */
import { countsSegmentsInBasePages, kernelVersion } from '../../host/kernel-version.js';
import { poolPageSizes } from '../../host/pools/pools.js';
import type { Segment } from '../../host/segments.js';
import { native } from '../../native.js';
import { Holders } from './holders.js';
import { ownIpcNamespace, withIpcNamespace } from './ipc-namespaces.js';
import type { IpcNamespace } from './ipc-namespaces.js';
import type { SharedObject, SharedObjects } from './objects.js';
import type { LedgerSegment } from './types.js';

/** What was not seen of segments. */
export interface UnseenSegments {
  /** Segments that may be on huge pages. */
  readonly untoldSegments: number;
  /** Besides those that were entered. */
  readonly closedIpcNamespaces: number;
}

/**
 * Tells the objects that are segments who made them, and adds those that nobody has attached, or nobody that is seen.
 *
 * @param ipcNamespaces - by name, each with a process in it
 */
export function addSegments(objects: SharedObjects, ipcNamespaces: ReadonlyMap<string, number>): UnseenSegments {
  const own = ownIpcNamespace();
  let untoldSegments = addSegmentsOf(own, objects);
  let closedIpcNamespaces = 0;
  for (const [name, pid] of ipcNamespaces) {
    if (name === own.name) continue;
    const isEntered = withIpcNamespace({ name, pid }, (namespace) => (untoldSegments += addSegmentsOf(namespace, objects)));
    if (!isEntered) closedIpcNamespaces++;
  }
  return { untoldSegments, closedIpcNamespaces };
}

/** @returns how many might be on huge pages, and cannot be told */
function addSegmentsOf(namespace: IpcNamespace, objects: SharedObjects): number {
  const attached = objects.segments(namespace.name);
  let untold = 0;
  for (const segment of namespace.segments) {
    const object = attached.get(segment.id) ?? unattached(segment, namespace);
    if (object === undefined) untold++;
    else if (object !== 'base') {
      if (!attached.has(segment.id)) objects.addSegment(object, namespace.name);
      object.segment = described(segment, namespace);
      object.facts ??= { size: segment.size, allocated: presentBytes(segment, object.pageSize) };
    }
  }
  return untold;
}

function unattached(segment: Segment, { removesUnattached, pageSizeOf }: IpcNamespace): SharedObject | 'base' | undefined {
  const { id, key, size, presentBytes: present, attachments } = segment;
  const base = native.basePageSize();
  // Less than the smallest page of any pool.
  if (present !== 0 && present < Math.min(...poolPageSizes())) return 'base';
  if (attachments === 0 && removesUnattached) return undefined;
  const pageSize = pageSizeOf(id);
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

function described({ id, key, creatorUid, creatorPid, attachments }: Segment, { other }: IpcNamespace): LedgerSegment {
  return { id, key, creatorUid, creatorPid, attachments, namespace: other };
}
