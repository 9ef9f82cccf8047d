/** What figures say in short, of benchmarks that have nothing else. */
import { backingName } from '../../bench/backing-name.js';
import type { BenchEngine, BenchFigure } from '../../bench/types.js';
import { counted, formatSize } from '../../units.js';
import { quantity } from './numbers.js';

/** Figures that a sentence has, at the greatest value of their parameter, which is what matters most. */
interface Told {
  readonly name: string;
  readonly engine: BenchEngine;
  /** What was done with so much. */
  readonly what: (value: number) => string;
}

const TOLD: ReadonlyMap<string, readonly Told[]> = new Map([
  ['prefault', [{ name: 'populate', engine: 'kernel', what: (threads) => `Populating by ${counted(threads, 'thread')}` }]],
  ['fork', [{ name: 'fork', engine: 'kernel', what: (bytes) => `A fork with ${formatSize(bytes)}` }]],
  [
    'access',
    [
      { name: 'dependent random read', engine: 'native', what: (bytes) => `A dependent random read of ${formatSize(bytes)}` },
      { name: 'dependent random read', engine: 'javascript', what: (bytes) => `The same in JavaScript, of ${formatSize(bytes)}` },
    ],
  ],
  [
    'share',
    [
      { name: 'map', engine: 'kernel', what: (bytes) => `A mapping of ${formatSize(bytes)} in another process` },
      { name: 'map and read', engine: 'kernel', what: (bytes) => `With a read of each of its pages of 4KiB, ${formatSize(bytes)}` },
      { name: 'copy', engine: 'kernel', what: (bytes) => `A copy of ${formatSize(bytes)}` },
    ],
  ],
]);

/** Empty for other benchmarks. */
export function figuresInShort(benchmark: string, figures: readonly BenchFigure[]): string[] {
  return (TOLD.get(benchmark) ?? []).flatMap(({ name, engine, what }) => {
    const named = figures.filter((figure) => figure.name === name && figure.engine === engine && Number.isFinite(figure.median));
    const most = Math.max(...named.map(({ parameter }) => parameter.value));
    const shown = named.filter(({ parameter }) => parameter.value === most).map(figureText);
    return shown.length === 0 ? [] : [`${what(most)}: ${shown.join(', ')}.`];
  });
}

/** `8.39 ms on 4KiB` */
function figureText({ median, unit, backing }: BenchFigure): string {
  const pages = backing === undefined ? '' : ` on ${backingName(backing)}`;
  return `${quantity(median, unit)}${pages}`;
}
