/** How pages are shown: a character and a colour for each kind, and for each size of hugetlb pages. */
import type { PageShare } from '../../inspect/address-space/pages.js';
import { formatSize } from '../../units.js';

/** What pages look like. */
export interface Sign {
  /** In a terminal: told apart without the colour too. */
  readonly glyph: string;
  readonly colour: 'blue' | 'cyan' | 'gray' | 'green' | 'magenta' | 'red' | 'yellow';
  /** In SVG. */
  readonly className: string;
}

/** What a sign means, and how much of it there is. */
export interface LegendEntry {
  readonly sign: Sign;
  readonly label: string;
  readonly bytes: number;
}

export interface Legend {
  readonly entries: readonly LegendEntry[];
  signOf(share: PageShare): Sign;
}

/** By size, the largest first: no architecture has pools of more sizes. */
export const HUGETLB_SIGNS = [
  { glyph: '█', colour: 'blue', className: 'hugetlb-1' },
  { glyph: '▓', colour: 'cyan', className: 'hugetlb-2' },
  { glyph: '▒', colour: 'magenta', className: 'hugetlb-3' },
  { glyph: '▚', colour: 'magenta', className: 'hugetlb-4' },
] as const satisfies readonly Sign[];

export const OTHER_SIGNS = {
  thp: { glyph: '#', colour: 'green', className: 'thp' },
  base: { glyph: '+', colour: 'yellow', className: 'base' },
  swap: { glyph: 's', colour: 'red', className: 'swap' },
  'hugetlb-absent': { glyph: '░', colour: 'gray', className: 'hugetlb-absent' },
  absent: { glyph: '·', colour: 'gray', className: 'absent' },
} as const satisfies Record<string, Sign>;

/** @param shares - all that there is in the picture, by kind and page size, the largest pages first */
export function legendOf(shares: readonly PageShare[]): Legend {
  const sizes = shares.filter(({ kind }) => kind === 'hugetlb').map(({ pageSize }) => pageSize);
  const signOf = ({ kind, pageSize }: PageShare): Sign =>
    kind === 'hugetlb' ? (HUGETLB_SIGNS[sizes.indexOf(pageSize)] ?? HUGETLB_SIGNS[3]) : OTHER_SIGNS[kind];
  const entries = new Map<Sign, LegendEntry>();
  for (const share of shares) {
    const sign = signOf(share);
    entries.set(sign, { sign, label: labelOf(share), bytes: share.bytes + (entries.get(sign)?.bytes ?? 0) });
  }
  return { entries: [...entries.values()], signOf };
}

/** The kind of pages in words: `2MiB hugetlb`. */
export function labelOf({ kind, pageSize }: PageShare): string {
  switch (kind) {
    case 'hugetlb':
      return `${formatSize(pageSize)} hugetlb`;
    case 'thp':
      return `${formatSize(pageSize)} transparent`;
    case 'base':
      return 'base pages';
    case 'swap':
      return 'swapped out';
    case 'hugetlb-absent':
      return 'hugetlb without a page';
    case 'absent':
      return 'mapped without a page';
  }
}
