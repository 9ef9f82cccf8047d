/** What the figures of a benchmark are as charts: one for each thing that was measured, with a line for each kind of page. */
import { backingName } from '../../../bench/backing-name.js';
import type { BenchBacking, BenchFigure } from '../../../bench/types.js';

export interface Point {
  readonly x: number;
  readonly median: number;
  /** 95 % confidence interval. */
  readonly low: number;
  readonly high: number;
}

/** Figures that differ in their parameter only. */
export interface Series {
  readonly label: string;
  /** Undefined for what has no pages of its own to compare. */
  readonly backing: BenchBacking | undefined;
  readonly dashed: boolean;
  readonly points: readonly Point[];
}

/** A place on the horizontal axis. */
export interface Mark {
  readonly x: number;
  readonly label: string;
  /** Where there is little room. */
  readonly short: string;
}

/** All values are in `unit`, as results have them. */
export interface Chart {
  readonly title: string;
  /** Of the horizontal axis. */
  readonly parameter: string;
  readonly unit: string;
  readonly series: readonly Series[];
  readonly marks: readonly Mark[];
}

/** What the caches alone cost is a line among those of the pages. */
const COMPANIONS: ReadonlyMap<string, string> = new Map([['packed', 'chase']]);

/** @param marks - by the name of the figures that they are of */
export function chartsOf(figures: readonly BenchFigure[], marks: ReadonlyMap<string, readonly Mark[]> = new Map()): Chart[] {
  const groups = new Map<string, BenchFigure[]>();
  for (const figure of figures) {
    // What could not be measured in any round.
    if (!Number.isFinite(figure.median)) continue;
    const name = COMPANIONS.get(figure.name) ?? figure.name;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [figure]);
    else group.push(figure);
  }
  return [...groups].map(([title, group]) => ({
    title,
    parameter: group[0]?.parameter.name ?? '',
    unit: group[0]?.unit ?? '',
    series: seriesOf(group, title),
    marks: marks.get(title) ?? [],
  }));
}

function seriesOf(group: readonly BenchFigure[], title: string): Series[] {
  const series = new Map<string, { backing: BenchBacking | undefined; dashed: boolean; points: Point[] }>();
  for (const { name, engine, backing, parameter, median, low, high } of group) {
    const isCompanion = name !== title;
    const pages = isCompanion || backing === undefined ? name : backingName(backing);
    const dashed = isCompanion || engine === 'javascript';
    const label = engine === 'javascript' ? `${pages} in JavaScript` : pages;
    const one = series.get(label) ?? { backing: isCompanion ? undefined : backing, dashed, points: [] };
    one.points.push({ x: parameter.value, median, low, high });
    series.set(label, one);
  }
  return [...series].map(([label, one]) => ({ label, ...one }));
}
