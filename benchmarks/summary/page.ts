/** A summary as a page: `results/summary.html`. */
import { htmlDocument } from '../../lib/cli/bench/report/document.js';
import { renderMachine } from '../../lib/cli/bench/report/machine.js';
import { htmlTable } from '../../lib/cli/bench/report/table.js';
import { escapeXml } from '../../lib/cli/escape-xml.js';
import type { Summary } from './summary.js';
import { claimTable, comparisonTable } from './tables.js';
import type { Table } from './tables.js';

/** What was measured and beside what are sentences, which break in a narrow window. */
const STYLE = 'tbody th,td:nth-child(2){white-space:normal;min-width:9rem}:is(th,td):nth-child(2){text-align:left}';

export function summaryPage(summary: Summary): string {
  const { date, quick, machine, omissions } = summary;
  const notes = omissions.map(({ name, reason }) => `<li>${escapeXml(`${name}: ${reason}`)}</li>`);
  const sections = [
    ...(machine === undefined ? [] : [renderMachine(machine)]),
    ...(quick ? ['<p><strong>A quick run: it shows that everything works, and its figures mean little.</strong></p>'] : []),
    ...[comparisonTable(summary), claimTable(summary)].map(section),
    ...(notes.length === 0 ? [] : [`<section><h2>Not measured</h2><ul>${notes.join('')}</ul></section>`]),
    `<p class="faint">${escapeXml(date)}</p>`,
  ];
  return htmlDocument('hugepages and its peers', sections, summary, STYLE);
}

function section({ title, columns, rows }: Table): string {
  return `<section><h2>${escapeXml(title)}</h2>${htmlTable(title, columns, rows)}</section>`;
}
