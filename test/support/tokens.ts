/** Tokens that nobody shared: what is told of a region then has to be found out. */
import type { RegionToken } from '../../lib/index.js';
import { checked } from '../../lib/region/token.js';

/** A token that says something else, with the check value of that. */
export function forged(token: RegionToken, changes: Partial<Record<keyof RegionToken, unknown>>): RegionToken {
  return checked({ ...token, ...changes } as RegionToken);
}

/** The token as another process sees it: that of a region of a process that is not ours. */
export function foreign(token: RegionToken): RegionToken {
  return forged(token, { process: '0'.repeat(32) });
}
