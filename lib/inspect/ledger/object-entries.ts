/** The rows of shared objects. */
import type { Mapping } from '../procfs/maps.js';
import { objectClaim } from './claims.js';
import type { Entry } from './entry.js';
import type { SharedObject } from './objects.js';

export function objectEntry({ pageSize, facts, mappings, holders, ...object }: SharedObject): Entry {
  const { kind, name, device, inode, linked, segment } = object;
  const used = (facts?.allocated ?? 0) / pageSize;
  const shared = mappings.filter(({ mapping }) => mapping.permissions.endsWith('s'));
  const reserving = shared.filter(({ mapping }) => !mapping.flags.includes('nr'));
  // A segment is reserved when it is made, whole.
  const isMapped = kind !== 'sysv' && shared.length > 0;
  const claim = objectClaim({
    pages: Math.ceil((facts?.size ?? 0) / pageSize),
    present: used,
    reserving: isMapped ? reserving.map(({ mapping }) => filePages(mapping, pageSize)) : [],
    onlyUnreserved: isMapped && reserving.length === 0,
  });
  const draft = { kind, name, device, inode, byteLength: facts?.size, linked, segment, used: 0, holders: holders.list() };
  return { draft, used, claim, device };
}

function filePages({ start, end, offset }: Mapping, pageSize: number): [start: number, end: number] {
  const first = offset / pageSize;
  return [first, first + Number(end - start) / pageSize];
}
