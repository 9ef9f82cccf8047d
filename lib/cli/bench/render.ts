/** Results of benchmarks as tables for people. */
import type { BenchAdviseResult } from '../../bench/advise.js';
import { backingName } from '../../bench/backings.js';
import type { BenchTlbResult, PageSizeVerdict } from '../../bench/tlb/types.js';
import type { BenchFigure, BenchMachine, BenchResult } from '../../bench/types.js';
import { formatSize } from '../../units.js';
import { bad, good, heading, table } from '../render.js';
import { digits, percent, ratioText } from './numbers.js';

export function renderResult(result: BenchResult): string[] {
  return [...opening(result), ...tables(result.figures), ...closing(result)];
}

export function renderTlb(result: BenchTlbResult): string[] {
  const { knees, pageSizes, gains } = result;
  const shown = result.figures.filter(({ name }) => name !== 'chase by stride');
  const kneeRows = knees.map(({ backing, level, pages, reach, missCost }) => [
    backingName(backing),
    level === 1 ? 'first' : 'second',
    String(pages),
    formatSize(reach),
    `${digits(missCost)} ns`,
  ]);
  const gainRows = gains.map(({ backing, engine, pages, noise, ...ratio }) => [
    backingName(backing),
    engine,
    String(pages),
    ratioText(ratio),
    percent(noise),
  ]);
  return [
    ...opening(result),
    ...tables(shown),
    '',
    heading('Levels of the TLB'),
    ...(knees.length === 0 ? ['  none seen'] : table([['', 'level', 'pages', 'reach', 'a miss costs'], ...kneeRows], [0, 1])),
    '',
    heading('Page size that the TLB sees'),
    ...pageSizes.flatMap(renderVerdict),
    '',
    heading('Base pages by huge pages, with all memory: above 1, huge pages are faster'),
    ...table([['', 'accesses', 'pages touched', 'ratio (95 % confidence)', 'noise floor'], ...gainRows], [0, 1]),
    ...closing(result),
  ];
}

export function renderAdvice(result: BenchAdviseResult): string[] {
  const rows = result.advice.map(({ backing, accesses, savedNanoseconds, verdict, ...ratio }) => [
    backingName(backing),
    accesses,
    ratioText(ratio),
    `${digits(savedNanoseconds)} ns`,
    verdict,
  ]);
  return [
    ...opening(result),
    ...tables(result.figures),
    '',
    heading('Base pages by huge pages: above 1, huge pages are faster'),
    ...table([['', 'accesses', 'ratio (95 % confidence)', 'saved', ''], ...rows], [0, 1, 4]),
    ...closing(result),
  ];
}

function renderVerdict({ backing, verdict, effectivePageSize, evidence, splinteredShare }: PageSizeVerdict): string[] {
  const name = backingName(backing);
  const places =
    splinteredShare === undefined || splinteredShare === 0 || splinteredShare === 1 ? '' : `, at ${percent(splinteredShare)} of the places`;
  const said =
    verdict === 'whole'
      ? good(`  ${name}: one entry maps a page`)
      : verdict === 'splintered'
        ? bad(`  ${name}: splintered into entries of ${formatSize(effectivePageSize ?? 0)}${places}`)
        : `  ${name}: not determined`;
  return [said, `    ${evidence}`];
}

function opening({ benchmark, machine }: BenchResult): string[] {
  return [heading(`bench ${benchmark}`), `  ${inOneLine(machine)}`];
}

function inOneLine({ cpu, cpus, virtual, memory, kernel, node, loadAverage }: BenchMachine): string {
  const processors = `${String(cpus)} CPUs ${cpu}${virtual ? ' (virtual)' : ''}`;
  return `${processors}, ${formatSize(memory)}, Linux ${kernel}, Node.js ${node}, load ${loadAverage.toFixed(1)}`;
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

function clockRange(samples: readonly number[]): string {
  return `${digits(Math.min(...samples))} to ${digits(Math.max(...samples))} ns`;
}

function closing({ figures, noise, clock, notes, settings, milliseconds }: BenchResult): string[] {
  const most = Math.max(...figures.map((figure) => figure.noise ?? 0));
  const floor = noise === undefined ? '' : ` Noise floor ${percent(noise)} at the median of the figures, ${percent(most)} at most.`;
  return [
    '',
    `  Medians of ${String(settings['rounds'])} rounds, in ${(milliseconds / 1000).toFixed(1)} s.${floor}`,
    `  A load from the first cache took ${digits(clock.median)} ns, and as the clock changed ${clockRange(clock.samples)}.`,
    ...notes.map((note) => `  ${note}`),
  ];
}
