/** What all charts have in common: sizes, axes and legends of Vega. Colours are custom properties of the page, and so follow its scheme. */
import type { Scale, Signal, Spec } from 'vega';
import { unitFor } from '../numbers.js';
import type { Chart, Point } from './chart.js';
import { colour } from './style.js';

/** Pixels of a whole drawing: what telephones have, and the column of text elsewhere. */
export const WIDTHS = { narrow: 336, wide: 860 } as const;
export type Width = keyof typeof WIDTHS;

export const FONT = { font: 'system-ui, sans-serif', fontSize: 12 } as const;

/** From this ratio of the largest to the smallest value on, an axis is logarithmic. */
const LOGARITHMIC = 8;

/** How much farther than the values an axis goes. */
const ROOM = 1.15;

/** A chart in the unit of its largest value, which the values of its axis are then in. */
export function inOneUnit(chart: Chart): Chart {
  const points = chart.series.flatMap((one) => one.points);
  const { name, factor } = unitFor(Math.max(...points.map(({ median }) => median)), chart.unit);
  const scaled = ({ x, median, low, high }: Point): Point => ({ x, median: median * factor, low: low * factor, high: high * factor });
  return { ...chart, unit: name, series: chart.series.map((one) => ({ ...one, points: one.points.map(scaled) })) };
}

/** The beginning of a specification. */
export function frame(width: Width, height: number): Spec {
  const text = colour('text');
  const { font, fontSize } = FONT;
  const labels = { labelColor: text, labelFont: font, labelFontSize: fontSize, titleFont: font, titleFontSize: fontSize };
  return {
    width: WIDTHS[width],
    height,
    padding: 4,
    autosize: { type: 'fit-x', contains: 'padding' },
    config: {
      axis: {
        ...labels,
        titleColor: text,
        titleFontWeight: 'normal',
        gridColor: colour('grid'),
        domainColor: colour('faint'),
        tickColor: colour('faint'),
        labelOverlap: true,
      },
      legend: { ...labels, labelLimit: WIDTHS[width], symbolSize: 90, symbolStrokeWidth: 2 },
    },
  };
}

/** For a parameter: from one value to the next it is multiplied, be it pages, bytes or threads. */
export function parameterScale(values: readonly number[]): Scale {
  const domain = [Math.min(...values) / ROOM, Math.max(...values) * ROOM];
  return { name: 'x', type: 'log', domain, range: 'width', zero: false, nice: false };
}

/** For what was measured. */
export function valueScale(name: 'x' | 'y', values: readonly number[]): Scale {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const common = { name, range: name === 'x' ? 'width' : 'height', zero: false, nice: false } as const;
  return isLogarithmic(least, most)
    ? { ...common, type: 'log', domain: [least / ROOM, most * ROOM] }
    : { ...common, type: 'linear', domain: [0, most * ROOM] };
}

/** Ticks at 1, 2 and 5 of every power of ten where the axis is logarithmic; otherwise Vega finds them. */
export function ticksOf(values: readonly number[]): { values?: number[] } {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (!isLogarithmic(least, most)) return {};
  const [first, last] = [Math.floor(Math.log10(least)), Math.floor(Math.log10(most))];
  const exponents = Array.from({ length: last - first + 1 }, (_, step) => first + step);
  const ticks = exponents.flatMap((exponent) => [1, 2, 5].map((digit) => digit * 10 ** exponent));
  return { values: ticks.filter((tick) => tick >= least && tick <= most) };
}

/** At most so many, the first of them among them. */
export function thinned(values: readonly number[], most: number): number[] {
  const step = Math.ceil(values.length / most);
  return values.filter((_, index) => index % step === 0);
}

/** A text that others have chosen: Vega takes some texts for names of its own, such as `constructor`, but none in a signal. */
export function textSignal(name: string, value: string): Signal {
  return { name, value };
}

/** What the labels of an axis say, by value: `labels[datum.value]` in an expression. */
export function labelSignal(values: readonly number[], text: (value: number) => string): Signal {
  return { name: 'labels', value: Object.fromEntries(values.map((value) => [value, text(value)])) };
}

function isLogarithmic(least: number, most: number): boolean {
  return least > 0 && most / least > LOGARITHMIC;
}
