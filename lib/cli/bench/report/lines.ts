/** A chart of what depends on a parameter: a line for each series, with an interval at each point, and marks at places of the axis. */
import type { Axis, Mark as VegaMark, Scale, Spec } from 'vega';
import { parameterText } from '../numbers.js';
import type { Chart, Mark, Series } from './chart.js';
import { FONT, frame, inOneUnit, labelSignal, parameterScale, textSignal, thinned, ticksOf, valueScale } from './look.js';
import type { Width } from './look.js';
import { colour } from './style.js';

const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down'];

// Pixels.
const HEIGHT = 300;
const MARK_HEIGHT = 16;
/** What the vertical axis takes at least, above which there is room. */
const AXIS_WIDTH = 36;

const TICKS = { narrow: 4, wide: 9 } as const;
const MOST_COLUMNS = { narrow: 1, wide: 4 } as const;

/** @param colours - of the series */
export function lineSpec(chart: Chart, colours: readonly string[], width: Width): Spec {
  const { parameter, unit, series, marks } = inOneUnit(chart);
  const points = series.flatMap((one) => one.points);
  const xs = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const extremes = points.flatMap(({ low, high }) => [low, high]);
  const ticks = thinned(xs, TICKS[width]);
  return {
    ...frame(width, HEIGHT),
    signals: [
      labelSignal(ticks, (value) => parameterText(parameter, value)),
      textSignal('parameter', parameter === 'bytes' ? 'size' : parameter),
      textSignal('unit', unit),
    ],
    data: [
      { name: 'points', values: series.flatMap(({ label, points }) => points.map((point) => ({ series: label, ...point }))) },
      { name: 'marks', values: marks.map((mark, row) => placed(mark, row, xs, width)) },
    ],
    scales: [parameterScale(xs), valueScale('y', extremes), ...appearance(series, colours)],
    axes: [horizontal(ticks), { scale: 'y', orient: 'left', title: { signal: 'unit' }, grid: true, ...ticksOf(extremes) }],
    legends: [
      {
        stroke: 'colour',
        shape: 'shape',
        strokeDash: 'dash',
        orient: 'bottom',
        columns: columnsFor(series.length, MOST_COLUMNS[width]),
        symbolFillColor: 'transparent',
      },
    ],
    marks: [...placesOnAxis(), ...lines()],
  };
}

function horizontal(values: number[]): Axis {
  const labels = { update: { text: { signal: 'labels[datum.value]' } } };
  return { scale: 'x', orient: 'bottom', title: { signal: 'parameter' }, values, encode: { labels } };
}

function appearance(series: readonly Series[], colours: readonly string[]): Scale[] {
  const domain = series.map(({ label }) => label);
  const ordinal = (name: string, range: unknown[]): Scale => ({ name, type: 'ordinal', domain, range: range as string[] });
  return [
    ordinal('colour', [...colours]),
    ordinal('shape', series.map((_, index) => SHAPES[index % SHAPES.length])),
    ordinal('dash', series.map(({ dashed }) => (dashed ? [5, 4] : [1, 0]))),
  ];
}

/** Vega fills columns from top to bottom, and mixes the order up where the last ones stay empty. */
function columnsFor(entries: number, most: number): number {
  return Math.ceil(entries / Math.ceil(entries / most));
}

/** Labels of places in the right half end there, and do not leave the drawing. */
function placed({ x, label, short }: Mark, row: number, xs: readonly number[], width: Width): object {
  const isRight = Math.log(x) > (Math.log(xs[0] ?? 1) + Math.log(xs.at(-1) ?? 1)) / 2;
  return { x, row, text: width === 'wide' ? label : short, align: isRight ? 'right' : 'left' };
}

/** Above the plot, each in a row of its own, with a rule that leads down. */
function placesOnAxis(): VegaMark[] {
  const top = { signal: `-${String(MARK_HEIGHT)} * datum.row - 4` };
  const x = { scale: 'x', field: 'x' };
  return [
    {
      type: 'rule',
      from: { data: 'marks' },
      encode: { update: { x, y: top, y2: { signal: 'height' }, stroke: { value: colour('faint') }, strokeDash: { value: [2, 3] } } },
    },
    {
      type: 'text',
      from: { data: 'marks' },
      encode: {
        update: {
          x,
          dx: { signal: "datum.align == 'left' ? 5 : -5" },
          y: top,
          text: { field: 'text' },
          limit: { signal: `datum.align == 'left' ? width - scale('x', datum.x) : scale('x', datum.x) + ${String(AXIS_WIDTH)}` },
          align: { field: 'align' },
          baseline: { value: 'middle' },
          fill: { value: colour('text') },
          // What is below keeps clear of the letters: STYLE has the stroke painted first.
          stroke: { value: colour('paper') },
          strokeWidth: { value: 5 },
          font: { value: FONT.font },
          fontSize: { value: FONT.fontSize },
        },
      },
    },
  ];
}

function lines(): VegaMark[] {
  const x = { scale: 'x', field: 'x' };
  const y = { scale: 'y', field: 'median' };
  const stroke = { scale: 'colour', field: 'series' };
  return [
    {
      type: 'group',
      from: { facet: { name: 'one', data: 'points', groupby: 'series' } },
      marks: [
        {
          type: 'line',
          from: { data: 'one' },
          encode: { update: { x, y, stroke, strokeWidth: { value: 2 }, strokeDash: { scale: 'dash', field: 'series' } } },
        },
        {
          type: 'rule',
          from: { data: 'one' },
          encode: { update: { x, y: { scale: 'y', field: 'low' }, y2: { scale: 'y', field: 'high' }, stroke, strokeWidth: { value: 1 } } },
        },
        {
          type: 'symbol',
          from: { data: 'one' },
          encode: {
            update: {
              x,
              y,
              stroke,
              strokeWidth: { value: 1.5 },
              fill: { value: colour('paper') },
              shape: { scale: 'shape', field: 'series' },
              size: { value: 36 },
            },
          },
        },
      ],
    },
  ];
}
