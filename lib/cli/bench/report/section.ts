/** One result in a report: what it found in words, its charts, how it came about. */
import type { BenchAdviseResult } from '../../../bench/advise.js';
import type { BenchTlbResult } from '../../../bench/tlb/types.js';
import type { BenchResult } from '../../../bench/types.js';
import { escapeXml } from '../../escape-xml.js';
import { adviceFindings, gainFindings, kneeFindings, repeatabilityText, roundsText, verdictText } from '../findings.js';
import type { Findings } from '../findings.js';
import { chartsOf } from './chart.js';
import { drawChart } from './drawing.js';
import { kneeMarks } from './knees.js';
import { htmlTable } from './table.js';
import type { Draw } from './vega.js';

/** What benchmarks have besides figures; those that have it. */
type Extras = Partial<Pick<BenchTlbResult, 'knees' | 'pageSizes' | 'gains'> & Pick<BenchAdviseResult, 'advice'>>;

/** @param id - unique in the page */
export async function renderSection(result: BenchResult & Extras, id: string, draw: Draw): Promise<string> {
  const { benchmark, date, settings, notes, knees = [], pageSizes = [] } = result;
  const charts = chartsOf(result.figures, new Map([['chase', kneeMarks(knees)]]));
  // One after the other: Vega works synchronously.
  const drawn: string[] = [];
  for (const [index, chart] of charts.entries()) drawn.push(await drawChart(chart, result, `${id}-${String(index)}`, draw));
  const verdicts = pageSizes.map((verdict) => [verdictText(verdict), verdict.evidence] as const);
  return [
    `<section id="${id}"><h2>${escapeXml(benchmark)}</h2>`,
    ...(verdicts.length === 0 ? [] : ['<h3>Page size that the TLB sees</h3>', ...verdicts.map(renderVerdict)]),
    ...findingsOf(result).map(renderFindings),
    ...drawn,
    `<p>${escapeXml(`${roundsText(result)} ${repeatabilityText(result)}`)}</p>`,
    ...(notes.length === 0 ? [] : [`<ul>${notes.map((note) => `<li>${escapeXml(note)}</li>`).join('')}</ul>`]),
    `<p class="faint">${escapeXml(`${date}, with ${settingsText(settings)}`)}</p>`,
    '</section>',
  ].join('\n');
}

function findingsOf({ knees = [], gains = [], advice = [] }: Extras): Findings[] {
  return [gainFindings(gains), adviceFindings(advice), kneeFindings(knees)].filter(({ rows }) => rows.length > 0);
}

function renderVerdict([said, evidence]: readonly [said: string, evidence: string]): string {
  return `<p><strong>${escapeXml(said)}.</strong> ${escapeXml(evidence)}.</p>`;
}

function renderFindings({ title, columns, rows }: Findings): string {
  return `<h3>${escapeXml(title)}</h3>${htmlTable(title, columns, rows)}`;
}

function settingsText(settings: BenchResult['settings']): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
