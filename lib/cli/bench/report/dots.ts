/** A chart of single figures: a row for each, with a point and its interval. */
import type { Spec } from 'vega';
import type { Chart } from './chart.js';
import { quantity } from '../numbers.js';
import { FONT, frame, inOneUnit, textSignal, ticksOf, valueScale } from './look.js';
import type { Width } from './look.js';
import { colour } from './style.js';

const ROW_HEIGHT = 32;

/** @param colours - of the series */
export function dotSpec(chart: Chart, colours: readonly string[], width: Width): Spec {
  const { unit, series } = inOneUnit(chart);
  const rows = series.flatMap(({ label, points }, index) =>
    points.map((point, place) => {
      const text = quantity(chart.series[index]?.points[place]?.median ?? NaN, chart.unit);
      return { series: label, colour: colours[index], ...point, text };
    }),
  );
  const extremes = rows.flatMap(({ low, high }) => [low, high]);
  const y = { scale: 'y', field: 'series', band: 0.5 };
  const stroke = { field: 'colour' };
  const x = { scale: 'x', field: 'median' };
  return {
    ...frame(width, rows.length * ROW_HEIGHT),
    signals: [textSignal('unit', unit)],
    data: [{ name: 'rows', values: rows }],
    scales: [valueScale('x', extremes), { name: 'y', type: 'band', domain: series.map(({ label }) => label), range: 'height' }],
    axes: [
      { scale: 'x', orient: 'bottom', title: { signal: 'unit' }, grid: true, tickCount: 5, ...ticksOf(extremes) },
      { scale: 'y', orient: 'left', ticks: false, domain: false, labelLimit: 0 },
    ],
    marks: [
      {
        type: 'rule',
        from: { data: 'rows' },
        encode: { update: { y, x: { scale: 'x', field: 'low' }, x2: { scale: 'x', field: 'high' }, stroke, strokeWidth: { value: 2 } } },
      },
      {
        type: 'symbol',
        from: { data: 'rows' },
        encode: { update: { y, x, stroke, strokeWidth: { value: 2 }, fill: { value: colour('paper') }, size: { value: 60 } } },
      },
      {
        type: 'text',
        from: { data: 'rows' },
        encode: {
          update: {
            y,
            x,
            dy: { value: -9 },
            // Towards the middle, where there is room.
            align: { signal: "scale('x', datum.median) < width / 2 ? 'left' : 'right'" },
            text: { field: 'text' },
            fill: { value: colour('text') },
            font: { value: FONT.font },
            fontSize: { value: FONT.fontSize },
          },
        },
      },
    ],
  };
}
