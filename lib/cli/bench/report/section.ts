/** One result in a report: what it found in words, its charts, how it came about. */
import type { BenchResult } from '../../../bench/types.js';
import { formatSize } from '../../../units.js';
import { escapeXml } from '../../escape-xml.js';
import { adviceFindings, counterFindings, gainFindings, judgements, kneeFindings, remarks } from '../findings.js';
import type { Extras, Findings, Judgement } from '../findings.js';
import { summaryOf } from '../summary.js';
import { chartsOf } from './chart.js';
import { drawChart } from './drawing.js';
import { kneeMarks } from './knees.js';
import { htmlTable } from './table.js';
import type { Draw } from './vega.js';

/** Settings that are numbers of bytes. */
const SIZES: ReadonlySet<string> = new Set(['bytes', 'stride']);

/** @param id - unique in the page */
export async function renderSection(result: BenchResult & Extras, id: string, draw: Draw): Promise<string> {
  const { benchmark, date, settings, notes, knees = [], pageSizes = [] } = result;
  const charts = chartsOf(result.figures, new Map([['chase', kneeMarks(knees)]]));
  // One after the other: Vega works synchronously.
  const drawn: string[] = [];
  for (const [index, chart] of charts.entries()) drawn.push(await drawChart(chart, result, `${id}-${String(index)}`, draw));
  const summary = summaryOf(result);
  const verdicts = judgements(pageSizes);
  return [
    `<section id="${id}"><h2>${escapeXml(benchmark)}</h2>`,
    ...(summary.length === 0 ? [] : [`<h3>In short</h3>${summary.map((sentence) => `<p>${escapeXml(sentence)}</p>`).join('')}`]),
    ...(verdicts.length === 0 ? [] : ['<h3>Page size that the TLB sees</h3>', ...verdicts.map(renderJudgement)]),
    ...findingsOf(result).map(renderFindings),
    ...drawn,
    `<p>${escapeXml(remarks(result).join(' '))}</p>`,
    ...(notes.length === 0 ? [] : [`<ul>${notes.map((note) => `<li>${escapeXml(note)}</li>`).join('')}</ul>`]),
    `<p class="faint">${escapeXml(`${date}, with ${settingsText(settings)}`)}</p>`,
    '</section>',
  ].join('\n');
}

function findingsOf({ figures, knees = [], gains = [], advice = [] }: BenchResult & Extras): Findings[] {
  const all = [gainFindings(gains), adviceFindings(advice), kneeFindings(knees), counterFindings(figures)];
  return all.filter(({ rows }) => rows.length > 0);
}

function renderJudgement({ text, evidence }: Judgement): string {
  return `<p><strong>${escapeXml(text)}.</strong> ${escapeXml(evidence)}.</p>`;
}

function renderFindings({ title, columns, rows }: Findings): string {
  return `<h3>${escapeXml(title)}</h3>${htmlTable(title, columns, rows)}`;
}

function settingsText(settings: BenchResult['settings']): string {
  return Object.entries(settings)
    .map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return `${name} ${SIZES.has(name) && Number.isSafeInteger(value) ? formatSize(Number(value)) : text}`;
    })
    .join(', ');
}
