/** From a token to a handle: by the registry of this process, or by the object that the region of another one maps. */
import { HugePagesError } from '../errors.js';
import { native } from '../native.js';
import { Kind, SourceKind } from '../native/regions.js';
import { describe } from './describe.js';
import type { RegionFacts } from './describe.js';
import { isSystemCallError } from './failures.js';
import { objectFailure, tokenFailure } from './sharing-failures.js';
import { claimArguments, isCurrent, makeToken, namespaceOf, parseToken } from './token.js';
import type { RegionToken, SharedObject } from './types.js';
import type { Use } from './use.js';

/**
 * A handle on the region that a token names.
 *
 * @throws TypeError, RangeError for what is not a token; HugePagesError
 */
export function attachToken(value: unknown, use: Use): number {
  const token = parseToken(value);
  if (token.process !== native.processId()) return attachObject(token, use);
  const handle = attachHere(token);
  if (handle === undefined) return attachObject(token, use);
  if (use.writable && (!use.degrade || survives(describe(handle)))) return handle;
  // What is used otherwise than by the other holders is a mapping of its own.
  try {
    return attachObject(token, use);
  } finally {
    native.release(handle);
  }
}

/** Base pages of no file are never short. */
function survives({ survivalPageSize, kind, source }: RegionFacts): boolean {
  return survivalPageSize > 0 || (kind !== Kind.hugetlb && source !== SourceKind.memfd);
}

/** @returns undefined when the region is gone, and its object need not be */
function attachHere(token: RegionToken): number | undefined {
  const handle = native.attach(token.id);
  if (handle === undefined) {
    if (token.object?.path !== undefined || token.object?.shmid !== undefined) return undefined;
    throw tokenFailure('The token is stale or altered: this process holds no such region any more');
  }
  try {
    if (!isCurrent(token, makeToken(handle, token.id, describe(handle)))) {
      throw tokenFailure('The token is stale: the region was resized since it was shared');
    }
  } catch (error) {
    native.release(handle);
    throw error;
  }
  return handle;
}

function attachObject(token: RegionToken, { writable, degrade }: Use): number {
  const { object } = token;
  if (object === undefined) {
    throw new HugePagesError('ERR_HUGEPAGES_TOKEN', 'The region is memory of its process alone, and cannot be mapped once more', {
      remedy: "Allocate it with source: 'memfd', 'file' or 'sysv', and shared",
    });
  }
  if (object.namespace !== undefined) checkNamespace(object.shmid === undefined ? 'pid' : 'ipc', object.namespace);
  const { identity, path = '', pid = 0, fd = -1, shmid = -1 } = object;
  try {
    return native.attachObject(...claimArguments(token), shmid, identity, path, pid, fd, writable, degrade);
  } catch (error) {
    if (!isSystemCallError(error)) throw isMalformed(error) ? tokenFailure('The token is altered: no region is like that') : error;
    throw objectFailure('Cannot attach a region of another process', error, placeOf(object));
  }
}

/** The addon's own checks, which are of the fields together. */
function isMalformed(error: unknown): boolean {
  return error instanceof RangeError;
}

function checkNamespace(kind: 'ipc' | 'pid', namespace: string): void {
  const ours = namespaceOf(kind);
  if (namespace === ours) return;
  const what = `The token is from another ${kind === 'pid' ? 'PID' : 'IPC'} namespace, such as a container`;
  const handOver = 'region.sendTo() and Region.receive(), on a socket that both can reach';
  throw new HugePagesError('ERR_HUGEPAGES_TOKEN', what, {
    details: { namespace, ours },
    remedy: kind === 'pid' ? `Hand it over with ${handOver}` : `Allocate with source: 'memfd', and hand that over with ${handOver}`,
  });
}

function placeOf({ path, pid, fd, shmid }: SharedObject): Readonly<Record<string, unknown>> {
  return path !== undefined ? { path } : shmid !== undefined ? { shmid } : { pid, fd };
}
