/** Results of benchmarks as tables for people. */
import type { BenchAdviseResult } from '../../bench/advise.js';
import { backingName } from '../../bench/backing-name.js';
import type { BenchTlbResult, PageSizeVerdict } from '../../bench/tlb/types.js';
import type { BenchFigure, BenchResult } from '../../bench/types.js';
import { formatSize } from '../../units.js';
import { bad, good, heading, table } from '../render.js';
import { adviceFindings, gainFindings, kneeFindings, repeatabilityText, roundsText, verdictText } from './findings.js';
import type { Findings } from './findings.js';
import { inOneLine } from './machine.js';
import { digits } from './numbers.js';

export function renderResult(result: BenchResult): string[] {
  return [...opening(result), ...tables(result.figures), ...closing(result)];
}

export function renderTlb(result: BenchTlbResult): string[] {
  const { knees, pageSizes, gains } = result;
  const shown = result.figures.filter(({ name }) => name !== 'chase by stride');
  const levels = kneeFindings(knees);
  return [
    ...opening(result),
    ...tables(shown),
    '',
    ...(knees.length === 0 ? [heading(levels.title), '  none seen'] : renderFindings(levels, [0, 1])),
    '',
    heading('Page size that the TLB sees'),
    ...pageSizes.flatMap(renderVerdict),
    '',
    ...renderFindings(gainFindings(gains), [0, 1]),
    ...closing(result),
  ];
}

export function renderAdvice(result: BenchAdviseResult): string[] {
  const advice = renderFindings(adviceFindings(result.advice), [0, 1, 4]);
  return [...opening(result), ...tables(result.figures), '', ...advice, ...closing(result)];
}

/** @param left - columns that are aligned to the left */
function renderFindings({ title, columns, rows }: Findings, left: number[]): string[] {
  return [heading(title), ...table([columns, ...rows], left)];
}

function renderVerdict(verdict: PageSizeVerdict): string[] {
  const said = `  ${verdictText(verdict)}`;
  const coloured = { whole: good(said), splintered: bad(said), undetermined: said };
  return [coloured[verdict.verdict], `    ${verdict.evidence}`];
}

function opening({ benchmark, machine }: BenchResult): string[] {
  return [heading(`bench ${benchmark}`), `  ${inOneLine(machine)}`];
}

/** One table for each thing that was measured: a row for each value of its parameter, a column for each kind of page. */
function tables(figures: readonly BenchFigure[]): string[] {
  const groups = new Map<string, BenchFigure[]>();
  for (const figure of figures) {
    const { name, engine, unit } = figure;
    const title = `${name}${engine === 'javascript' ? ' in JavaScript' : ''}, ${unit}`;
    groups.set(title, [...(groups.get(title) ?? []), figure]);
  }
  return [...groups].flatMap(([title, group]) => ['', heading(title), ...oneTable(group)]);
}

function oneTable(group: readonly BenchFigure[]): string[] {
  const column = ({ backing }: BenchFigure): string => (backing === undefined ? '' : backingName(backing));
  const columns = [...new Set(group.map(column))];
  const values = [...new Set(group.map(({ parameter }) => parameter.value))];
  const parameter = group[0]?.parameter.name ?? '';
  const cell = (value: number, name: string): string => {
    const figure = group.find((one) => one.parameter.value === value && column(one) === name);
    return figure === undefined ? '' : digits(figure.median);
  };
  const shown = (value: number): string => (parameter.startsWith('bytes') ? formatSize(value) : String(value));
  return table([[parameter, ...columns], ...values.map((value) => [shown(value), ...columns.map((name) => cell(value, name))])], []);
}

function closing(result: BenchResult): string[] {
  return ['', `  ${roundsText(result)}`, `  ${repeatabilityText(result)}`, ...result.notes.map((note) => `  ${note}`)];
}
