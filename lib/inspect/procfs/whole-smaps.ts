/** `/proc/PID/smaps` to its end: the file of a process that ends, or becomes another program, is cut short without an error. */
import { HugePagesError } from '../../errors.js';
import type { RootOptions } from '../../host/text.js';
import { mapsOf } from './maps.js';
import { UNREADABLE } from './reading.js';
import type { Reading } from './reading.js';
import { smapsOf } from './smaps.js';
import type { MappingDetails } from './smaps.js';
import { statusOf } from './status.js';

const ATTEMPTS = 5;

/**
 * The mappings of a process, all of them, each at the moment when it was read. Undefined also for one that ended meanwhile, and for what
 * has no address space.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_BUSY` for one that is another program at each reading
 */
export async function wholeSmapsOf(pid: number, options: RootOptions = {}): Promise<Reading<MappingDetails[]>> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const mappings = await smapsOf(pid, options);
    if (mappings === undefined || mappings === UNREADABLE) return mappings;
    const maps = mapsOf(pid, options);
    if (maps === undefined || maps === UNREADABLE) return maps;
    // Also that of a process which became another between open(2) and read(2): what was opened are the mappings that it had.
    if (maps.length === 0 && !hasAddressSpace(pid, options)) return undefined;
    // Stack and vdso are the highest, and stay where they are: whoever has read up to them has read all.
    if (maps.length > 0 && mappings.at(-1)?.end === maps.at(-1)?.end) return mappings;
  }
  throw new HugePagesError('ERR_HUGEPAGES_BUSY', `Process ${String(pid)} turns into another program all the time`, { details: { pid } });
}

function hasAddressSpace(pid: number, options: RootOptions): boolean {
  const status = statusOf(pid, options);
  return status !== undefined && status !== UNREADABLE && status.hasAddressSpace;
}
