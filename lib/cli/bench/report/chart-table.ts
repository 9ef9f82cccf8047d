/** A chart as a table: for those who do not see it, and for its digits. */
import { parameterText, quantity } from '../numbers.js';
import type { Chart, Point } from './chart.js';
import { htmlTable } from './table.js';

/** All that a chart shows, in digits. */
export function chartTable({ title, parameter, unit, series }: Chart): string {
  const xs = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const rows = xs.map((x) => [
    parameterText(parameter, x),
    ...series.map(({ points }) => pointText(points.find((point) => point.x === x), unit)),
  ]);
  return htmlTable(`${title}: medians with their 95 % intervals`, [parameter, ...series.map(({ label }) => label)], rows);
}

function pointText(point: Point | undefined, unit: string): string {
  if (point === undefined) return '';
  return `${quantity(point.median, unit)} (${quantity(point.low, unit)} to ${quantity(point.high, unit)})`;
}
