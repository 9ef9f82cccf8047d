/** How memory that somebody else made is mapped here. */
import { checkOneOf } from '../arguments.js';
import { parseExhaustion } from './options.js';

/** {@link AttachOptions}, checked and completed. */
export interface Use {
  readonly writable: boolean;
  /** Whether it survives without its pages. */
  readonly degrade: boolean;
}

export const USE_OPTIONS = ['access', 'onExhaustion'] as const;

export function parseUse({ access, onExhaustion }: Partial<Record<(typeof USE_OPTIONS)[number], unknown>>): Use {
  return {
    writable: access === undefined || checkOneOf(access, 'options.access', ['read-write', 'read']) === 'read-write',
    degrade: parseExhaustion(onExhaustion),
  };
}
