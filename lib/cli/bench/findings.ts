/** What a benchmark has found, as tables and sentences, on a terminal and in a report. */
import type { BenchAdvice, BenchAdviseResult } from '../../bench/advise.js';
import { backingName } from '../../bench/backing-name.js';
import { repeatsWithin } from '../../bench/figures.js';
import { median } from '../../bench/statistics.js';
import type { BenchTlbResult, PageSizeVerdict, TlbGain, TlbKnee } from '../../bench/tlb/types.js';
import type { BenchFigure, BenchResult } from '../../bench/types.js';
import { counted, formatSize } from '../../units.js';
import { digits, percent, quantity, ratioText } from './numbers.js';

/** What benchmarks have besides figures; those that have it. */
export type Extras = Partial<Pick<BenchTlbResult, 'knees' | 'pageSizes' | 'gains'> & Pick<BenchAdviseResult, 'advice'>>;

/** From this share on, a noise floor is said to be high. */
const HIGH_NOISE = 0.1;

/** As a share: what differs by less is the same to most who ask. */
const STEADY = 0.05;

/** Texts in rows. The first names a row. */
export interface Findings {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function kneeFindings(knees: readonly TlbKnee[]): Findings {
  return {
    title: 'Levels of the TLB',
    columns: ['', 'level', 'pages', 'reach', 'a miss costs'],
    rows: knees.map(({ backing, level, pages, reach, missCost }) => [
      backingName(backing),
      level === 1 ? 'first' : 'second',
      String(pages),
      formatSize(reach),
      quantity(missCost, 'ns'),
    ]),
  };
}

export function gainFindings(gains: readonly TlbGain[]): Findings {
  return {
    title: 'Base pages by huge pages, with all memory: above 1, huge pages are faster',
    columns: ['', 'accesses', 'ratio (95 % confidence)', 'noise floor', 'pages touched'],
    rows: gains.map(({ backing, engine, pages, noise, ...ratio }) => [
      backingName(backing),
      engine,
      ratioText(ratio),
      percent(noise),
      String(pages),
    ]),
  };
}

export function adviceFindings(advice: readonly BenchAdvice[]): Findings {
  return {
    title: 'Base pages by huge pages: above 1, huge pages are faster',
    columns: ['', 'accesses', 'ratio (95 % confidence)', 'noise floor', 'saved', ''],
    rows: advice.map(({ backing, accesses, savedNanoseconds, noise, verdict, ...ratio }) => [
      backingName(backing),
      accesses,
      ratioText(ratio),
      percent(noise),
      quantity(savedNanoseconds, 'ns'),
      verdict,
    ]),
  };
}

/** What the processor counted, where it did, with all memory of each kind. */
export function counterFindings(figures: readonly BenchFigure[]): Findings {
  const largest = new Map(
    figures
      .filter(({ counters = [] }) => counters.some(({ perAccess }) => perAccess !== undefined))
      .sort((one, other) => one.parameter.value - other.parameter.value)
      .map((figure) => [figure.backing === undefined ? '' : backingName(figure.backing), figure]),
  );
  const names = new Set([...largest.values()].flatMap(({ counters = [] }) => counters.map(({ name }) => name)));
  const cell = ({ counters = [] }: BenchFigure, name: string): string => {
    const { perAccess } = counters.find((one) => one.name === name) ?? {};
    return perAccess === undefined ? '' : digits(median(perAccess));
  };
  return {
    title: 'Counted by the processor, of each load',
    columns: ['', ...names, 'pages touched'],
    rows: [...largest].map(([name, figure]) => [name, ...[...names].map((one) => cell(figure, one)), String(figure.parameter.value)]),
  };
}

/** What is the same of several kinds of pages, and how that is known. */
export interface Judgement extends Pick<PageSizeVerdict, 'verdict' | 'evidence'> {
  /** `THP 2MiB, hugetlb 2MiB: splintered into entries of 4KiB` */
  readonly text: string;
}

export function judgements(pageSizes: readonly PageSizeVerdict[]): Judgement[] {
  const groups = new Map<string, PageSizeVerdict[]>();
  for (const one of pageSizes) {
    const said = `${verdictText(one)}: ${one.evidence}`;
    groups.set(said, [...(groups.get(said) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const names = group.map(({ backing }) => backingName(backing)).join(', ');
    return group.slice(0, 1).map((one) => ({ ...one, text: `${names}: ${verdictText(one)}` }));
  });
}

function verdictText({ verdict, effectivePageSize, splinteredShare }: PageSizeVerdict): string {
  if (verdict === 'whole') return 'one entry maps a page';
  if (verdict === 'undetermined') return 'not determined';
  const places =
    splinteredShare === undefined || splinteredShare === 0 || splinteredShare === 1 ? '' : `, at ${percent(splinteredShare)} of the places`;
  return `splintered into entries of ${formatSize(effectivePageSize ?? 0)}${places}`;
}

/** How the figures came about, and what they can tell. */
export function remarks(result: BenchResult): string[] {
  return [roundsText(result), ...busyText(result), repeatabilityText(result)];
}

function roundsText({ figures, noise, settings, milliseconds }: BenchResult): string {
  const most = Math.max(...figures.map((figure) => figure.noise ?? 0));
  const floor = noise === undefined ? '' : ` Noise floor ${percent(noise)} at the median of the figures, ${percent(most)} at most.`;
  return `Medians of ${counted(Number(settings['rounds']), 'round')}, in ${(milliseconds / 1000).toFixed(1)} s.${floor}`;
}

/** Why the noise floor is what it is, where it hides much. */
function busyText({ noise = 0, machine: { loadAverage, cpus } }: BenchResult): string[] {
  if (noise < HIGH_NOISE) return [];
  const load = `the load was ${loadAverage.toFixed(1)} on ${counted(cpus, 'CPU')} when it began`;
  return [`That is much, and hides what is smaller: ${load}. A quieter machine, or more --rounds, would show more.`];
}

/** What may be expected of another run. */
function repeatabilityText({ figures, clock: { samples } }: BenchResult): string {
  const steady = figures.filter((figure) => repeatsWithin(figure) <= STEADY).length;
  const wander = Math.max(...samples) / Math.min(...samples) - 1;
  return (
    `Another run: ${String(steady)} of ${String(figures.length)} figures within ${percent(STEADY)} at the same clock of the processor, ` +
    `which wandered by ${percent(wander)} in this one.`
  );
}
