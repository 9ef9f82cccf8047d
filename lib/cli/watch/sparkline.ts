/** A row of bars, one for each value. */

const BARS = '▁▂▃▄▅▆▇█';

/** The last `width` values, each as a bar between nothing and `max`. Only 0 is the lowest bar, only `max` the highest. */
export function sparkline(values: readonly number[], max: number, width: number): string {
  const inner = BARS.length - 2;
  const bar = (value: number): string => {
    if (value <= 0) return BARS.charAt(0);
    if (value >= max) return BARS.charAt(BARS.length - 1);
    return BARS.charAt(1 + Math.min(inner - 1, Math.floor((value / max) * inner)));
  };
  return values.slice(-Math.max(1, width)).map(bar).join('');
}
