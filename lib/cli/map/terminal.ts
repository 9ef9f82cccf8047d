/** The picture of an address space in characters. */
import { styleText } from 'node:util';
import type { Cell, Extent, Picture, Room } from '../../inspect/address-space/picture.js';
import type { PageShare } from '../../inspect/address-space/pages.js';
import { formatSize } from '../../units.js';
import { heading, table } from '../render.js';
import { legendOf } from './legend.js';
import type { Legend, Sign } from './legend.js';

const MOST_ROWS = 24;

/** The room for cells in a terminal `width` columns wide, beside the addresses. */
export function roomOf(mapped: readonly Extent[], width: number): Room {
  return { columns: Math.max(1, width - digitsOf(mapped.at(-1)?.end) - 4), rows: MOST_ROWS };
}

/** The lines of a picture for the room of {@link roomOf}. */
export function renderPicture({ chunk, rows, shares }: Picture): string[] {
  const legend = legendOf(shares);
  const digits = digitsOf(rows.at(-1)?.[0]?.start);
  const address = (cell: Cell | undefined): string => (cell?.start ?? 0n).toString(16).padStart(digits);
  return [
    heading(`Address space, ${formatSize(chunk)} to a cell`),
    ...rows.map((cells) => `  ${address(cells[0])}  ${renderCells(cells, legend)}`),
    '',
    ...renderLegend(legend),
  ];
}

function digitsOf(address = 0n): number {
  return address.toString(16).length;
}

/** Neighbours that are alike are coloured at once. */
function renderCells(cells: readonly (Cell | undefined)[], legend: Legend): string {
  const runs: { sign: Sign | undefined; text: string }[] = [];
  for (const cell of cells) {
    const sign = cell === undefined ? undefined : legend.signOf(mainShare(cell.shares));
    const last = runs.at(-1);
    if (last !== undefined && last.sign === sign) last.text += sign?.glyph ?? ' ';
    else runs.push({ sign, text: sign?.glyph ?? ' ' });
  }
  return runs.map(({ sign, text }) => (sign === undefined ? text : styleText(sign.colour, text))).join('');
}

/** What most of the memory is, however little of a chunk has any. */
function mainShare(shares: readonly PageShare[]): PageShare {
  const present = shares.filter(({ kind }) => kind !== 'absent' && kind !== 'hugetlb-absent');
  return (present.length > 0 ? present : shares).reduce((most, share) => (share.bytes > most.bytes ? share : most));
}

function renderLegend({ entries }: Legend): string[] {
  const lines = table(entries.map(({ label, bytes }) => [label, formatSize(bytes)]));
  return lines.map((line, index) => {
    const sign = entries[index]?.sign;
    return sign === undefined ? line : `  ${styleText(sign.colour, sign.glyph)}${line}`;
  });
}
