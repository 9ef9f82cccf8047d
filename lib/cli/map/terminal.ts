/** The picture of an address space in characters. */
import { styleText } from 'node:util';
import type { Cell, Span } from '../../inspect/address-space/picture.js';
import { picture } from '../../inspect/address-space/picture.js';
import type { PageShare } from '../../inspect/address-space/pages.js';
import { formatSize } from '../../units.js';
import { heading, table } from '../render.js';
import { legendOf } from './legend.js';
import type { Legend, Sign } from './legend.js';

const MOST_ROWS = 24;

/** Lines of at most `width` columns, where that is possible. */
export function renderPicture(spans: readonly Span[], width: number): string[] {
  const digits = (spans.at(-1)?.end ?? 0n).toString(16).length;
  const columns = Math.max(1, width - digits - 4);
  const { chunk, rows, shares } = picture(spans, { columns, rows: MOST_ROWS });
  const legend = legendOf(shares);
  const address = (cell: Cell | undefined): string => (cell?.start ?? 0n).toString(16).padStart(digits);
  return [
    heading(`Address space, ${formatSize(chunk)} to a cell`),
    ...rows.map((cells) => `  ${address(cells[0])}  ${renderCells(cells, legend)}`),
    '',
    ...renderLegend(legend),
  ];
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
