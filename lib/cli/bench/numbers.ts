/** Numbers of measurements for people. */
import type { Ratio } from '../../bench/statistics.js';

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
