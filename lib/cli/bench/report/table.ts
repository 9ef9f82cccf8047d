/** Tables of a report. */
import { escapeXml } from '../../escape-xml.js';

/** A table that is scrolled where it is wider than the window. The first cell of a row is its heading. */
export function htmlTable(caption: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = columns.map((column) => `<th scope="col">${escapeXml(column)}</th>`).join('');
  const body = rows.map(([first = '', ...cells]) => {
    return `<tr><th scope="row">${escapeXml(first)}</th>${cells.map((cell) => `<td>${escapeXml(cell)}</td>`).join('')}</tr>`;
  });
  const label = `role="region" tabindex="0" aria-label="${escapeXml(caption)}"`;
  return `<div class="scroll" ${label}><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}
