/** Results of benchmarks as tables for people. */
import type { BenchAdviseResult } from '../../bench/advise.js';
import { backingName } from '../../bench/backing-name.js';
import type { BenchTlbResult } from '../../bench/tlb/types.js';
import type { BenchFigure, BenchResult } from '../../bench/types.js';
import { bad, good, heading, table } from '../render.js';
import { adviceFindings, counterFindings, gainFindings, judgements, kneeFindings, remarks } from './findings.js';
import type { Findings, Judgement } from './findings.js';
import { inOneLine } from './machine.js';
import { digits, parameterText, quantity, unitFor } from './numbers.js';
import { summaryOf } from './summary.js';

export function renderResult(result: BenchResult): string[] {
  return [...opening(result), ...tables(result.figures), ...closing(result)];
}

export function renderTlb(result: BenchTlbResult): string[] {
  const { knees, pageSizes, gains } = result;
  const shown = result.figures.filter(({ name }) => name !== 'chase by stride');
  const levels = kneeFindings(knees);
  const counters = counterFindings(result.figures);
  return [
    ...opening(result),
    ...tables(shown),
    '',
    ...(knees.length === 0 ? [heading(levels.title), '  none seen'] : renderFindings(levels, [0, 1])),
    '',
    heading('Page size that the TLB sees'),
    ...judgements(pageSizes).flatMap(renderJudgement),
    '',
    ...renderFindings(gainFindings(gains), [0, 1]),
    ...(counters.rows.length === 0 ? [] : ['', ...renderFindings(counters, [0])]),
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

function renderJudgement({ text, verdict, evidence }: Judgement): string[] {
  const said = `  ${text}`;
  const coloured = { whole: good(said), splintered: bad(said), undetermined: said };
  return [coloured[verdict], `    ${evidence}`];
}

function opening(result: BenchResult): string[] {
  const summary = summaryOf(result);
  const inShort = summary.length === 0 ? [] : ['', heading('In short'), ...summary.map((sentence) => `  ${sentence}`)];
  return [heading(`bench ${result.benchmark}`), `  ${inOneLine(result.machine)}`, ...inShort];
}

/** One table for each thing that was measured: a row for each value of its parameter, a column for each kind of page. */
function tables(figures: readonly BenchFigure[]): string[] {
  const groups = new Map<string, BenchFigure[]>();
  for (const figure of figures) {
    const title = `${figure.name}${figure.engine === 'javascript' ? ' in JavaScript' : ''}`;
    groups.set(title, [...(groups.get(title) ?? []), figure]);
  }
  return [...groups].flatMap(([title, group]) => ['', ...oneTable(title, group)]);
}

/** The unit is in the title, unless some figures are so large that each has one of its own. */
function oneTable(title: string, group: readonly BenchFigure[]): string[] {
  const unit = group[0]?.unit ?? '';
  const shared = unitFor(1, unit);
  const isShared = group.every(({ median }) => unitFor(median, unit).factor >= shared.factor);
  const column = ({ backing }: BenchFigure): string => (backing === undefined ? '' : backingName(backing));
  const columns = [...new Set(group.map(column))];
  const values = [...new Set(group.map(({ parameter }) => parameter.value))];
  const parameter = group[0]?.parameter.name ?? '';
  const cell = (value: number, name: string): string => {
    const figure = group.find((one) => one.parameter.value === value && column(one) === name);
    if (figure === undefined) return '';
    return isShared ? digits(figure.median) : quantity(figure.median, unit);
  };
  const rows = values.map((value) => [parameterText(parameter, value), ...columns.map((name) => cell(value, name))]);
  return [heading(isShared ? `${title}, ${shared.name}` : title), ...table([[parameter, ...columns], ...rows], [])];
}

function closing(result: BenchResult): string[] {
  return ['', ...remarks(result).map((sentence) => `  ${sentence}`), ...result.notes.map((note) => `  ${note}`)];
}
