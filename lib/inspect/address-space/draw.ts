/** The picture of an address space, with each page at its place. */
import type { RootOptions } from '../../host/text.js';
import type { AddressSpace } from './address-space.js';
import { inTurn } from './in-turn.js';
import { locate } from './locate.js';
import { Canvas } from './picture.js';
import type { Picture, Room } from './picture.js';

/**
 * Draws the listed mappings of a process that is there, or of a recorded one.
 *
 * @throws HugePagesError as `pagemap()`
 */
export async function draw({ pid, mappings, pages }: AddressSpace, room: Room, { root }: RootOptions): Promise<Picture> {
  const canvas = new Canvas(mappings, pages, room);
  for (const mapping of mappings) {
    // Pages of one kind are everywhere.
    const spans = root === undefined && mapping.pages.length > 1 ? locate(pid, mapping) : inTurn(mapping);
    for await (const span of spans) canvas.add(span);
  }
  return canvas.picture();
}
