/** Reading and writing an item of a setup, of the file system or of the kernel. */
import type { RootOptions } from '../text.js';
import { readFileItem, writeFileItem } from './files.js';
import { isLive } from './items.js';
import type { Item, Value } from './items.js';
import { readLiveItem, writeLiveItem } from './live.js';

export function readItem(item: Item, options: RootOptions): Value {
  return isLive(item) ? readLiveItem(item) : readFileItem(item, options);
}

/**
 * @param force - lets pages in use become surplus
 * @param signal - stops what takes long, which is then as it was
 */
export async function writeItem(item: Item, value: Value, force: boolean, options: RootOptions, signal?: AbortSignal): Promise<void> {
  if (isLive(item)) await writeLiveItem(item, value, force, signal);
  else writeFileItem(item, value, options);
}
