/** The end of a run of all benchmarks: one table on the terminal, `results/summary.json` and `results/summary.html`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { inOneLine } from '../../lib/cli/bench/machine.js';
import { heading, table } from '../../lib/cli/render.js';
import { RESULTS } from '../support/report.js';
import type { Result } from '../support/report.js';
import { inCheckout } from '../support/root.js';
import { CLAIMS } from './claims.js';
import { summaryPage } from './page.js';
import { summarizeResults } from './summary.js';
import type { Summary } from './summary.js';
import { claimTable, comparisonTable, figuresOfReadme } from './tables.js';
import type { Table } from './tables.js';

/**
 * @param names - of all benchmarks
 * @returns whether all is as it should be
 */
export function summarize(names: readonly string[]): boolean {
  const summary = summarizeResults(names, names.flatMap(resultOf));
  console.log(render(summary).join('\n'));
  writeFileSync(`${RESULTS}/summary.json`, `${JSON.stringify(summary, undefined, 2)}\n`);
  writeFileSync(`${RESULTS}/summary.html`, summaryPage(summary));
  return summary.failed === 0;
}

/** Writes the table of figures into the README. */
export function writeFigures(): void {
  const readme = inCheckout('README.md');
  const figures = figuresOfReadme(Object.values(CLAIMS));
  writeFileSync(readme, readFileSync(readme, 'utf8').replace(/^\| what \|.*\n(?:\|.*\n)*/m, `${figures.join('\n')}\n`));
}

function resultOf(name: string): Result[] {
  try {
    return [JSON.parse(readFileSync(`${RESULTS}/${name}.json`, 'utf8')) as Result];
  } catch {
    return []; // it did not come to its end
  }
}

function render(summary: Summary): string[] {
  const { machine, omissions, passed, failed, quick } = summary;
  return [
    ...(machine === undefined ? [] : [inOneLine(machine)]),
    ...(quick ? ['A quick run: it shows that everything works, and its figures mean little.'] : []),
    ...renderTable(comparisonTable(summary)),
    ...renderTable(claimTable(summary)),
    ...(omissions.length === 0 ? [] : ['', heading('Not measured')]),
    ...omissions.map(({ name, reason }) => `  ${name}: ${reason}`),
    '',
    `${String(passed)} passed, ${String(failed)} failed`,
  ];
}

function renderTable({ title, columns, rows }: Table): string[] {
  return ['', heading(title), ...table([columns, ...rows], [0, 1, columns.length - 1])];
}
