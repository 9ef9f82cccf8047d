/** The picture of an address space as SVG: each cell is filled with what its memory is, from the largest pages at its bottom upwards. */
import type { AddressSpace } from '../../inspect/address-space/address-space.js';
import type { Cell, Picture, Room } from '../../inspect/address-space/picture.js';
import { formatSize } from '../../units.js';
import { escapeXml } from '../escape-xml.js';
import { legendOf, labelOf } from './legend.js';
import type { Legend, LegendEntry } from './legend.js';
import { STYLE } from './svg-style.js';

export const SVG_ROOM: Room = { columns: 64, rows: 48 };

// Pixels.
const CELL = 12;
const PITCH = CELL + 2;
const MARGIN = 16;
const LINE = 20;
const LABEL_WIDTH = 136;
const TOP = MARGIN + 3 * LINE;
const WIDTH = MARGIN + LABEL_WIDTH + SVG_ROOM.columns * PITCH + MARGIN;

/**
 * A document of its own, for light and dark surroundings.
 *
 * @param picture - for {@link SVG_ROOM}
 */
export function renderSvg(space: AddressSpace, picture: Picture): string {
  const { chunk, rows, shares } = picture;
  const legend = legendOf(shares);
  const legendTop = TOP + rows.length * PITCH + LINE;
  const height = legendTop + legend.entries.length * LINE + MARGIN;
  const title = `Address space of process ${String(space.pid)} (${space.command})`;
  const listed = `${String(space.mappings.length)} of ${String(space.mappingCount)} mappings`;
  const sums = legend.entries.map(({ label, bytes }) => `${label} ${formatSize(bytes)}`).join(', ');
  const size = `width="${String(WIDTH)}" height="${String(height)}" viewBox="0 0 ${String(WIDTH)} ${String(height)}"`;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-labelledby="title desc">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="desc">${escapeXml(`One cell for each ${formatSize(chunk)} of addresses that something maps. ${sums || 'Nothing'}.`)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="100%" height="100%"/>`,
    text(MARGIN, MARGIN + LINE, title, 'heading'),
    text(MARGIN, MARGIN + 2 * LINE, `${listed}, ${formatSize(chunk)} to a cell`),
    ...rows.flatMap((cells, row) => renderRow(cells, TOP + row * PITCH, chunk, legend)),
    ...legend.entries.flatMap((entry, index) => renderEntry(entry, legendTop + index * LINE)),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

function renderRow(cells: readonly (Cell | undefined)[], y: number, chunk: number, legend: Legend): string[] {
  const start = cells[0]?.start ?? 0n;
  return [
    text(MARGIN, y + CELL - 2, start.toString(16), 'address'),
    ...cells.flatMap((cell, column) => {
      return cell === undefined ? [] : renderCell(cell, MARGIN + LABEL_WIDTH + column * PITCH, y, chunk, legend);
    }),
  ];
}

function renderCell({ start, shares, names }: Cell, x: number, y: number, chunk: number, legend: Legend): string[] {
  const parts = shares.map((share) => `${labelOf(share)} ${formatSize(share.bytes)}`);
  const note = [start.toString(16), parts.join(', '), ...names].join('\n');
  let bottom = y + CELL;
  const fills = shares.map((share) => {
    // A single base page is seen as well, and what is above it gives way.
    const height = Math.min(Math.max(1, (share.bytes / chunk) * CELL), bottom - y);
    bottom -= height;
    return rect(x, bottom, height, legend.signOf(share).className);
  });
  return [`<g><title>${escapeXml(note)}</title>${rect(x, y, CELL, 'cell')}${fills.join('')}</g>`];
}

function renderEntry({ sign, label, bytes }: LegendEntry, y: number): string[] {
  return [rect(MARGIN, y, CELL, sign.className), text(MARGIN + PITCH + 6, y + CELL - 2, `${label}: ${formatSize(bytes)}`)];
}

function rect(x: number, y: number, height: number, className: string): string {
  return `<rect class="${className}" x="${String(x)}" y="${rounded(y)}" width="${String(CELL)}" height="${rounded(height)}"/>`;
}

function rounded(pixels: number): string {
  return String(Math.round(pixels * 100) / 100);
}

function text(x: number, y: number, content: string, className = ''): string {
  const attribute = className === '' ? '' : ` class="${className}"`;
  return `<text${attribute} x="${String(x)}" y="${String(y)}">${escapeXml(content)}</text>`;
}
