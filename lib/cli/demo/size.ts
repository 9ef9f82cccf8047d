/** How much memory the demo works with. */
import { constants } from 'node:buffer';
import { HugePagesError } from '../../errors.js';
import { formatSize, GiB, MAX_BYTES, MiB } from '../../units.js';
import { sizeValue } from '../values.js';

const SMALLEST = 2 * MiB;
const LARGEST = Math.min(constants.MAX_LENGTH, MAX_BYTES);
/** For Node itself, and for what it reads and hashes. */
const MARGIN = 64 * MiB;

/** Reads `--size`. */
export function parseDemoSize(text: string): number {
  return sizeValue(text, '--size', SMALLEST, LARGEST);
}

/**
 * Without `--size` a quarter of the memory that is available, between 256 MiB and 1 GiB: the region and the ordinary Buffer beside it
 * leave the machine half of it.
 *
 * @param available - bytes
 */
export function defaultDemoSize(available: number): number {
  const quarter = Math.floor(available / 4 / (64 * MiB)) * 64 * MiB;
  return Math.min(GiB, Math.max(256 * MiB, quarter));
}

/**
 * Refuses what would drive the machine out of memory.
 *
 * @param poolBytes - what the pool has to give: not part of `available`
 * @throws HugePagesError `ERR_HUGEPAGES_NO_MEMORY`
 */
export function checkFits(size: number, available: number, poolBytes: number): void {
  const needed = 2 * size - Math.min(size, poolBytes) + MARGIN;
  if (needed <= available) return;
  const what = `A region and an ordinary Buffer of ${formatSize(size)} need ${formatSize(needed)} of memory`;
  throw new HugePagesError('ERR_HUGEPAGES_NO_MEMORY', `${what}, and ${formatSize(available)} is available`, {
    details: { size, needed, available },
    remedy: 'Choose less, such as: hugepages demo --size 64MiB',
  });
}
