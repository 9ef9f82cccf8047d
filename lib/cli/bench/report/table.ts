/** Tables of a report. */
import { escapeXml } from '../../escape-xml.js';
import { digits } from '../numbers.js';
import { parameterText } from './chart.js';
import type { Chart, Point } from './chart.js';

/** A table that is scrolled where it is wider than the window. The first cell of a row is its heading. */
export function htmlTable(caption: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = columns.map((column) => `<th scope="col">${escapeXml(column)}</th>`).join('');
  const body = rows.map(([first = '', ...cells]) => {
    return `<tr><th scope="row">${escapeXml(first)}</th>${cells.map((cell) => `<td>${escapeXml(cell)}</td>`).join('')}</tr>`;
  });
  const label = `role="region" tabindex="0" aria-label="${escapeXml(caption)}"`;
  return `<div class="scroll" ${label}><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

/** All that a chart shows, in digits. */
export function chartTable({ title, parameter, unit, series }: Chart): string {
  const xs = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const rows = xs.map((x) => [
    parameterText(parameter, x),
    ...series.map(({ points }) => pointText(points.find((point) => point.x === x))),
  ]);
  return htmlTable(`${title}, ${unit}: medians with their 95 % intervals`, [parameter, ...series.map(({ label }) => label)], rows);
}

function pointText(point: Point | undefined): string {
  return point === undefined ? '' : `${digits(point.median)} (${digits(point.low)} to ${digits(point.high)})`;
}
