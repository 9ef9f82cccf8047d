/** Tokens: how a region is named to the other threads of its process. */
import { checkInteger, checkOptions } from '../arguments.js';
import { HugePagesError, invalidArgType } from '../errors.js';
import { native } from '../native.js';
import { MAX_BYTES } from '../units.js';
import type { RegionToken } from './types.js';

const FIELDS = ['type', 'version', 'process', 'id', 'byteLength', 'pageSize'] as const;

export function makeToken(facts: { id: string; byteLength: number; pageSize: number }): RegionToken {
  const { id, byteLength, pageSize } = facts;
  return { type: 'hugepages.region', version: 1, process: native.processId(), id, byteLength, pageSize };
}

/**
 * A handle on the region that a token names.
 *
 * @throws TypeError, RangeError for what is not a token; HugePagesError `ERR_HUGEPAGES_TOKEN` for one that is altered, stale, or from
 *   another process
 */
export function attachToken(value: unknown): number {
  const token = checkOptions(value, 'token', FIELDS);
  if (token.type !== 'hugepages.region' || token.version !== 1) throw invalidArgType('token', 'what region.share() returned', value);
  for (const name of ['process', 'id'] as const) {
    if (typeof token[name] !== 'string') throw invalidArgType(`token.${name}`, 'of type string', token[name]);
  }
  const byteLength = checkInteger(token.byteLength, 'token.byteLength', 1, MAX_BYTES);
  const pageSize = checkInteger(token.pageSize, 'token.pageSize', 1, MAX_BYTES);
  if (token.process !== native.processId()) throw refused('The token is from another process, or altered');
  const handle = native.attach(token.id as string);
  if (handle === undefined) throw refused('The token is stale or altered: this process holds no such region any more');
  const facts = native.describe(handle);
  if (facts.byteLength !== byteLength || facts.pageSize !== pageSize) {
    native.release(handle);
    throw refused('The token is altered: its sizes are not those of the region');
  }
  return handle;
}

function refused(message: string): HugePagesError {
  return new HugePagesError('ERR_HUGEPAGES_TOKEN', message, {
    remedy: 'Take a token from region.share() in this process, and attach it while the region is held',
  });
}
