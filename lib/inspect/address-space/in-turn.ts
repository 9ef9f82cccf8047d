/** Mappings of which only smaps is known. */
import type { AddressSpaceMapping } from './address-space.js';
import type { Span } from './picture.js';

/** smaps tells how many pages of a kind a mapping has, and not where: one kind behind the other. */
export function* inTurn({ start, pages, path: name }: AddressSpaceMapping): Generator<Span> {
  let at = start;
  for (const { kind, pageSize, bytes } of pages) {
    const end = at + BigInt(bytes);
    yield { start: at, end, kind, pageSize, name };
    at = end;
  }
}
