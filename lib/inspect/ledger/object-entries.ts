/** The rows of shared objects. */
import type { Mapping } from '../procfs/maps.js';
import { objectClaim } from './claims.js';
import type { Entry } from './entry.js';
import type { SharedObject } from './objects.js';

/** @param allSeen - whether no process is hidden */
export function objectEntry({ pageSize, facts, mappings, holders, ...object }: SharedObject, allSeen: boolean): Entry {
  const { kind, name, device, inode, linked, segment } = object;
  const used = (facts?.allocated ?? 0) / pageSize;
  const shared = mappings.filter(({ mapping }) => mapping.permissions.endsWith('s'));
  const reserving = shared.filter(({ mapping }) => !mapping.flags.includes('nr'));
  const isMapped = kind !== 'sysv' && shared.length > 0;
  const claim = objectClaim({
    pages: Math.ceil((facts?.size ?? 0) / pageSize),
    present: used,
    // Anonymous memory is made by the mapping, and a segment before there is one.
    isWhole: kind === 'anonymous' || kind === 'sysv',
    reserving: isMapped ? reserving.map(({ mapping }) => filePages(mapping, pageSize)) : [],
    onlyUnreserved: isMapped && reserving.length === 0,
  });
  const held = holders.list();
  // Of a segment the kernel says how often it is attached, by whomsoever.
  const isHeldUnseen = held.length === 0 && segment !== undefined && segment.attachments > 0;
  const holdersComplete = segment?.attachments === 0 || (allSeen && !isHeldUnseen);
  const draft = { kind, name, device, inode, byteLength: facts?.size, linked, segment, used: 0, holders: held, holdersComplete };
  return { draft, used, claim, device };
}

function filePages({ start, end, offset }: Mapping, pageSize: number): [start: number, end: number] {
  const first = offset / pageSize;
  return [first, first + Number(end - start) / pageSize];
}
