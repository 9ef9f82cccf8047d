/** Tokens: how a region is named to other threads of its process, and to other processes. */
import { readlinkSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { checkInteger, checkOneOf, checkOptions } from '../arguments.js';
import { invalidArgType } from '../errors.js';
import { native } from '../native.js';
import type { RegionFacts } from '../native/regions.js';
import type { ObjectClaim } from '../native/sharing.js';
import { MAX_BYTES } from '../units.js';
import { attempt } from './failures.js';
import { parseSeals, sealNames } from './seals.js';
import type { BackingKind, RegionToken, SharedObject, Source } from './types.js';

const FIELDS = ['type', 'version', 'process', 'id', 'byteLength', 'pageSize', 'backing', 'source', 'seals', 'object'] as const;
const OBJECT_FIELDS = ['identity', 'path', 'shmid', 'pid', 'fd', 'namespace'] as const;
/** By their numbers in the addon. */
const BACKINGS = ['hugetlb', 'thp', 'base'] as const satisfies readonly BackingKind[];
const SOURCES = ['anonymous', 'memfd', 'file', 'sysv'] as const satisfies readonly Source[];

const MAX_INT = 2 ** 31 - 1;
const MAX_IDENTITY = 79;
const MAX_PATH = 4095;

export function makeToken(handle: number, facts: RegionFacts): RegionToken {
  const { id, byteLength, pageSize, kind, source } = facts;
  const claim = facts.shared && source !== 0 ? attempt('Cannot share a region', () => native.claim(handle)) : undefined;
  return {
    type: 'hugepages.region',
    version: 1,
    process: native.processId(),
    id,
    byteLength,
    pageSize,
    backing: BACKINGS[kind] ?? 'base',
    source: SOURCES[source] ?? 'anonymous',
    seals: sealNames(claim?.seals ?? 0),
    ...(claim === undefined ? {} : { object: placeOf(claim, facts.path) }),
  };
}

function placeOf({ identity, segment, descriptor }: ObjectClaim, path: string): SharedObject {
  if (segment >= 0) return { identity, shmid: segment, namespace: namespaceOf('ipc') };
  if (path !== '') return { identity, path };
  return { identity, pid: process.pid, fd: descriptor, namespace: namespaceOf('pid') };
}

/** Such as `pid:[4026531836]`. */
export function namespaceOf(kind: 'ipc' | 'pid'): string {
  return readlinkSync(`/proc/self/ns/${kind}`);
}

/**
 * Checks that a value is a token, in each of its fields.
 *
 * @throws TypeError, RangeError
 */
export function parseToken(value: unknown): RegionToken {
  const token = checkOptions(value, 'token', FIELDS);
  const { type, version, process: from, id, byteLength, pageSize, backing, source, seals, object } = token;
  if (type !== 'hugepages.region' || version !== 1) throw invalidArgType('token', 'what region.share() returned', value);
  return {
    type,
    version,
    process: checkString(from, 'token.process'),
    id: checkString(id, 'token.id'),
    byteLength: checkInteger(byteLength, 'token.byteLength', 1, MAX_BYTES),
    pageSize: checkInteger(pageSize, 'token.pageSize', 1, MAX_BYTES),
    backing: checkOneOf(backing, 'token.backing', BACKINGS),
    source: checkOneOf(source, 'token.source', SOURCES),
    seals: sealNames(parseSeals(seals, 'token.seals')),
    ...(object === undefined ? {} : { object: parseObject(object) }),
  };
}

function parseObject(value: unknown): SharedObject {
  const object = checkOptions(value, 'token.object', OBJECT_FIELDS);
  const identity = checkString(object.identity, 'token.object.identity', MAX_IDENTITY);
  if (object.path !== undefined) return { identity, path: checkString(object.path, 'token.object.path', MAX_PATH) };
  const namespace = checkString(object.namespace, 'token.object.namespace');
  if (object.shmid !== undefined) return { identity, namespace, shmid: checkInteger(object.shmid, 'token.object.shmid', 0, MAX_INT) };
  const pid = checkInteger(object.pid, 'token.object.pid', 1, MAX_INT);
  return { identity, namespace, pid, fd: checkInteger(object.fd, 'token.object.fd', 0, MAX_INT) };
}

function checkString(value: unknown, name: string, maxLength = Infinity): string {
  if (typeof value !== 'string' || value.length > maxLength) throw invalidArgType(name, 'a string that region.share() made', value);
  return value;
}

/** Whether a token says what one of the same region would say now. Seals may have been added since. */
export function isCurrent(token: RegionToken, now: RegionToken): boolean {
  const { seals, ...rest } = token;
  const { seals: sealsNow, ...restNow } = now;
  return isDeepStrictEqual(rest, restNow) && seals.every((seal) => sealsNow.includes(seal));
}

/** As the addon takes them: the fields of a claim, in their order. */
export function claimArguments({ backing, source, byteLength, pageSize, seals }: RegionToken): [number, number, number, number, number] {
  return [BACKINGS.indexOf(backing), SOURCES.indexOf(source), byteLength, pageSize, parseSeals(seals, 'token.seals')];
}
