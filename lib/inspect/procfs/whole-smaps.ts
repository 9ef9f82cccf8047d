/** `/proc/PID/smaps` to its end: the file of a process that ends, or becomes another program, is cut short without an error. */
import type { RootOptions } from '../../host/text.js';
import { restlessProcess } from './living.js';
import { parseMapping } from './maps.js';
import { readProcess, readProcessAsync, UNREADABLE } from './reading.js';
import type { Reading } from './reading.js';
import { mappingTexts, parseDetails } from './smaps.js';
import type { MappingDetails } from './smaps.js';
import { statusOf } from './status.js';

const ATTEMPTS = 5;

/**
 * The mappings of a process, all of them, each at the moment when it was read. Undefined also for one that ended meanwhile, and for what
 * has no address space.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_BUSY` for one that is another program at each reading
 */
export function wholeSmapsOf(pid: number, options: RootOptions = {}): Promise<Reading<MappingDetails[]>> {
  return readWholeSmaps(pid, options, (mappings) => mappings.flatMap((mapping) => parseDetails(mapping) ?? []));
}

/**
 * {@link wholeSmapsOf} for who wants little of it.
 *
 * @param parse - what it makes of the texts of the mappings
 * @param atOnce - see `readProcessAsync()`
 */
export async function readWholeSmaps<T>(
  pid: number,
  options: RootOptions,
  parse: (mappings: readonly string[]) => T,
  atOnce = false,
): Promise<Reading<T>> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const mappings = await readProcessAsync(pid, 'smaps', options, mappingTexts, atOnce);
    if (mappings === undefined || mappings === UNREADABLE) return mappings;
    const last = readProcess(pid, 'maps', options, lastMapping);
    if (last === UNREADABLE) return last;
    // Recorded trees may have no maps.
    if (last === undefined) return options.root !== undefined && hasAddressSpace(pid, options) ? parse(mappings) : undefined;
    // Also that of a process which became another between open(2) and read(2): what was opened are the mappings that it had.
    if (last === '' && !hasAddressSpace(pid, options)) return undefined;
    // Stack and vdso are the highest, and stay where they are: whoever has read up to them has read all.
    if (last !== '' && endOf(mappings.at(-1)) === endOf(last)) return parse(mappings);
  }
  throw restlessProcess(pid);
}

/** Its line in the text of `/proc/PID/maps`. */
function lastMapping(text: string): string {
  const lines = text.trimEnd();
  return lines.slice(lines.lastIndexOf('\n') + 1);
}

function endOf(mapping = ''): bigint | undefined {
  return parseMapping(mapping.split('\n', 1).join())?.end;
}

function hasAddressSpace(pid: number, options: RootOptions): boolean {
  const status = statusOf(pid, options);
  return status !== undefined && status !== UNREADABLE && status.hasAddressSpace;
}
