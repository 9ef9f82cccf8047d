/** Numbers of measurements for people. */
import type { Ratio } from '../../bench/statistics.js';
import { formatSize } from '../../units.js';

/** Nanoseconds, from the smallest unit on. */
const TIMES = [
  ['ns', 1],
  ['µs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
] as const;

/** The units of times in results, in nanoseconds. */
const NANOSECONDS: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
]);

/** A unit that people read, and what a value is to be multiplied by for it. */
export interface Unit {
  readonly name: string;
  readonly factor: number;
}

/** The unit in which a value has one to three digits before the point; what is no time keeps its own. */
export function unitFor(value: number, unit: string): Unit {
  const length = NANOSECONDS.get(unit);
  if (length === undefined) return { name: unit, factor: 1 };
  const [name, nanoseconds] = TIMES.findLast(([, nanoseconds]) => Math.abs(value) * length >= nanoseconds) ?? TIMES[0];
  return { name, factor: length / nanoseconds };
}

/** A value with its unit: `133 ms` for 133471011 ns. */
export function quantity(value: number, unit: string): string {
  const { name, factor } = unitFor(value, unit);
  return `${digits(value * factor)} ${name}`;
}

/** Three digits that count, and all before the point. */
export function digits(value: number): string {
  const places = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(places, 4));
}

/** `1.45 (1.42 to 1.49)` */
export function ratioText({ ratio, low, high }: Ratio): string {
  return `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** A share: `2.5 %` */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** A value of a parameter, on the axis of a chart or in front of a row. */
export function parameterText(parameter: string, value: number): string {
  return parameter.startsWith('bytes') ? formatSize(value) : String(value);
}
