/** Mappings as spans of pages of one kind, for the picture. */
import type { AddressSpaceMapping } from './address-space.js';
import type { Span } from './picture.js';

/** smaps tells how many pages of a kind a mapping has, and not where: they are put one kind after the other, as in `pages`. */
export function spansOf(mappings: readonly AddressSpaceMapping[]): Span[] {
  return mappings.flatMap(({ start, pages, path }) => {
    let at = start;
    return pages.map(({ kind, pageSize, bytes }) => {
      const span = { start: at, end: at + BigInt(bytes), kind, pageSize, name: path };
      at = span.end;
      return span;
    });
  });
}
