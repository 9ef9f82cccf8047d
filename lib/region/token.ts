/** Tokens: how a region is named to other threads of its process, and to other processes. */
import { readlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { checkInteger, checkOneOf, checkOptions } from '../arguments.js';
import { invalidArgType } from '../errors.js';
import { native } from '../native.js';
import type { ObjectClaim } from '../native/sharing.js';
import { MAX_BYTES } from '../units.js';
import type { RegionFacts } from './describe.js';
import { attempt } from './failures.js';
import { parseSeals, sealNames } from './seals.js';
import { tokenFailure } from './sharing-failures.js';
import type { BackingKind, RegionToken, SharedObject, Source } from './types.js';

const FIELDS = ['type', 'version', 'process', 'id', 'byteLength', 'pageSize', 'backing', 'source', 'seals', 'object'] as const;
const OBJECT_FIELDS = ['identity', 'path', 'shmid', 'pid', 'fd', 'namespace'] as const;
/** By their numbers in the addon. */
const BACKINGS = ['hugetlb', 'thp', 'base'] as const satisfies readonly BackingKind[];
const SOURCES = ['anonymous', 'memfd', 'file', 'sysv'] as const satisfies readonly Source[];

const require = createRequire(import.meta.url);

const MAX_INT = 2 ** 31 - 1;
const MAX_IDENTITY = 79;
const MAX_PATH = 4095;

export function makeToken(handle: number, id: string, facts: RegionFacts): RegionToken {
  const { byteLength, pageSize, kind, source } = facts;
  const claim = facts.shared && source !== 0 ? attempt('Cannot share a region', () => native.claim(handle)) : undefined;
  return checked({
    type: 'hugepages.region',
    version: 1,
    process: native.processId(),
    id,
    byteLength,
    pageSize,
    backing: BACKINGS[kind] ?? 'base',
    source: SOURCES[source] ?? 'anonymous',
    seals: sealNames(claim?.seals ?? 0),
    ...(claim === undefined ? {} : { object: placeOf(claim, native.path(handle)) }),
  });
}

/**
 * Adds the check value of all the fields: by what is found, not all of them can be told to be right. It has no secret, for a token that
 * somebody makes up leads to nothing that he could not open himself.
 */
export function checked(token: Omit<RegionToken, 'check'>): RegionToken {
  const fields = JSON.stringify(token, [...FIELDS, ...OBJECT_FIELDS]); // in this order
  // Not imported: that takes 2 ms, also of programs that share nothing.
  const { createHash } = require('node:crypto') as typeof import('node:crypto');
  return { ...token, check: createHash('sha256').update(fields).digest('base64url') };
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
 * Checks that a value is a token, in each of its fields, and as it was made.
 *
 * @throws TypeError, RangeError; HugePagesError `ERR_HUGEPAGES_TOKEN`
 */
export function parseToken(value: unknown): RegionToken {
  if (!isToken(value)) throw invalidArgType('token', 'what region.share() returned, and not the region itself', value);
  const token = checkOptions(value, 'token', [...FIELDS, 'check'], 'Field');
  const { process: from, id, byteLength, pageSize, backing, source, seals, object, check } = token;
  const parsed = checked({
    type: 'hugepages.region',
    version: 1,
    process: checkString(from, 'token.process'),
    id: checkString(id, 'token.id'),
    byteLength: checkInteger(byteLength, 'token.byteLength', 1, MAX_BYTES),
    pageSize: checkInteger(pageSize, 'token.pageSize', 1, MAX_BYTES),
    backing: checkOneOf(backing, 'token.backing', BACKINGS),
    source: checkOneOf(source, 'token.source', SOURCES),
    seals: sealNames(parseSeals(seals, 'token.seals')),
    ...(object === undefined ? {} : { object: parseObject(object) }),
  });
  if (checkString(check, 'token.check') !== parsed.check) throw tokenFailure('The token is altered');
  return parsed;
}

function isToken(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { type, version } = value as Partial<RegionToken>;
  return type === 'hugepages.region' && version === 1;
}

function parseObject(value: unknown): SharedObject {
  const object = checkOptions(value, 'token.object', OBJECT_FIELDS, 'Field');
  const { identity, path, shmid, pid, fd, namespace } = object;
  const named = path !== undefined || shmid !== undefined;
  const places = [path, shmid, pid].filter((place) => place !== undefined);
  if (places.length > 1) throw tokenFailure('The token is altered: it names several places');
  return {
    identity: checkString(identity, 'token.object.identity', MAX_IDENTITY),
    ...(path !== undefined && { path: checkString(path, 'token.object.path', MAX_PATH) }),
    ...(shmid !== undefined && { shmid: checkInteger(shmid, 'token.object.shmid', 0, MAX_INT) }),
    ...((pid !== undefined || !named) && { pid: checkInteger(pid, 'token.object.pid', 1, MAX_INT) }),
    ...((fd !== undefined || !named) && { fd: checkInteger(fd, 'token.object.fd', 0, MAX_INT) }),
    ...((namespace !== undefined || path === undefined) && { namespace: checkString(namespace, 'token.object.namespace') }),
  };
}

function checkString(value: unknown, name: string, maxLength = Infinity): string {
  if (typeof value !== 'string' || value.length > maxLength) throw invalidArgType(name, 'a string that region.share() made', value);
  return value;
}

/** Whether a token says what one of the same region would say now. Seals may have been added since. */
export function isCurrent(token: RegionToken, now: RegionToken): boolean {
  const told = checked({ ...token, seals: now.seals });
  return told.check === now.check && token.seals.every((seal) => now.seals.includes(seal));
}

/** As the addon takes them: the fields of a claim, in their order. */
export function claimArguments({ backing, source, byteLength, pageSize, seals }: RegionToken): [number, number, number, number, number] {
  return [BACKINGS.indexOf(backing), SOURCES.indexOf(source), byteLength, pageSize, parseSeals(seals, 'token.seals')];
}
