/** A chart of a report: drawn for wide and for narrow windows, and as a table. */
import type { BenchResult } from '../../../bench/types.js';
import { escapeXml } from '../../escape-xml.js';
import { parameterText, quantity } from '../numbers.js';
import type { Chart, Series } from './chart.js';
import { dotSpec } from './dots.js';
import { lineSpec } from './lines.js';
import { WIDTHS } from './look.js';
import type { Width } from './look.js';
import { colourOf } from './style.js';
import { chartTable } from './chart-table.js';
import type { Draw } from './vega.js';

/** @param id - unique in the page */
export async function drawChart(chart: Chart, { figures, benchmark }: BenchResult, id: string, draw: Draw): Promise<string> {
  const hugetlb = figures.flatMap(({ backing }) => (backing?.kind === 'hugetlb' ? [backing.pageSize] : []));
  const sizes = [...new Set(hugetlb)].sort((a, b) => a - b);
  // Nothing without any memory has no place on a logarithmic axis: the caption has it.
  const series = chart.series.map((one) => ({ ...one, points: one.points.filter(({ x }) => x > 0) })).filter(hasPoints);
  const shown = { ...chart, series };
  const colours = shown.series.map(({ backing }) => colourOf(backing, sizes));
  const isLines = shown.series.some(({ points }) => points.length > 1);
  const drawings = Object.keys(WIDTHS).map(async (width) => {
    const spec = (isLines ? lineSpec : dotSpec)(shown, colours, width as Width);
    return accessible(await draw(spec), `${id}-${width}`, width, `${benchmark}: ${chart.title}`, describe(shown));
  });
  return [
    `<figure><figcaption>${escapeXml(captionOf(chart))}</figcaption>`,
    ...(shown.series.length === 0 ? [] : await Promise.all(drawings)),
    `<details><summary>${escapeXml(chart.title)} as a table</summary>${chartTable(chart)}</details>`,
    '</figure>',
  ].join('\n');
}

function hasPoints({ points }: Series): boolean {
  return points.length > 0;
}

function captionOf({ title, parameter, unit, series }: Chart): string {
  const zeros = series.flatMap(({ points }) => points.filter(({ x }) => x === 0));
  const without = zeros.map(({ median }) => `; with ${parameterText(parameter, 0)} ${quantity(median, unit)}`);
  return `${title}: ${unit === 'GiB/s' ? 'throughput' : 'time'} by ${parameter}${without.join('')}`;
}

/** What is to be seen, for those who do not. */
function describe({ series, unit, parameter, marks }: Chart): string {
  const lines = series.map(({ label, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return label;
    const ends = [first, ...(first === last ? [] : [last])];
    return `${label}: ${ends.map(({ x, median }) => `${quantity(median, unit)} at ${parameterText(parameter, x)}`).join(', ')}`;
  });
  return [...lines, ...marks.map(({ label }) => label)].map((line) => `${line}.`).join(' ');
}

/** An image with a title and a description: its hundreds of shapes are not read out one by one. */
function accessible(svg: string, id: string, className: string, title: string, description: string): string {
  const attributes = `class="${className}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc"`;
  const texts = `<title id="${id}-title">${escapeXml(title)}</title><desc id="${id}-desc">${escapeXml(description)}</desc>`;
  return svg.replace(/^<svg [^>]*?viewBox="([^"]*)"[^>]*>/, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="$1" ${attributes}>${texts}`);
}
