/** `/proc/PID/smaps` to its end: the file of a process that ends, or becomes another program, is cut short without an error. */
import type { RootOptions } from '../../host/text.js';
import { mapsOf } from './maps.js';
import { UNREADABLE } from './reading.js';
import type { Reading } from './reading.js';
import { smapsOf } from './smaps.js';
import type { MappingDetails } from './smaps.js';

const ATTEMPTS = 5;

/** It was another program at each reading, or mapped something else at its highest addresses. */
export const CHANGING: unique symbol = Symbol('changing');

/**
 * The mappings of a process, all of them, each at the moment when it was read. Undefined also for one that ended meanwhile, and for what
 * has no address space.
 */
export async function wholeSmapsOf(pid: number, options: RootOptions = {}): Promise<Reading<MappingDetails[]> | typeof CHANGING> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const mappings = await smapsOf(pid, options);
    if (mappings === undefined || mappings === UNREADABLE) return mappings;
    const maps = mapsOf(pid, options);
    if (maps === undefined || maps === UNREADABLE) return maps;
    if (maps.length === 0) return undefined;
    // Stack and vdso are the highest, and stay where they are: whoever has read up to them has read all.
    if (mappings.at(-1)?.end === maps.at(-1)?.end) return mappings;
  }
  return CHANGING;
}
