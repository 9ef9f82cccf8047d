/** The region beside an ordinary Buffer of the same size: the same work in turn, in the same run. */
import { performance } from 'node:perf_hooks';
import type { Region } from '../../index.js';
import { formatSize } from '../../units.js';
import { table } from '../render.js';
import { spread, verdict } from './spread.js';
import type { Spread } from './spread.js';
import type { Stage } from './stage.js';
import { timeFill, timeRandomReads } from './work.js';

/** Enough that chance alone would hardly let one side win all. */
const ROUNDS = 9;
const READS = 1 << 19;

/** One kind of work. A ratio is the Buffer's time by the region's of the same round: above 1, the region is faster. */
export interface Contest {
  readonly region: Spread;
  readonly buffer: Spread;
  readonly ratio: Spread;
}

/** What the comparison found. */
export interface Comparison {
  readonly rounds: number;
  /** Milliseconds from nothing to filled once, page faults included: one sample each. */
  readonly firstUse: { readonly region: number; readonly buffer: number };
  /** Milliseconds. */
  readonly fill: Contest;
  /** Nanoseconds per read. */
  readonly randomRead: Contest;
}

/**
 * Times filling and random reading, the two sides in turn and each first in every other round.
 *
 * @param allocation - milliseconds that the region took to allocate and populate
 */
export async function compareWithBuffer(region: Region, allocation: number, stage: Stage): Promise<Comparison> {
  stage.title(`Beside an ordinary Buffer of ${formatSize(region.byteLength)}`);
  const { signal } = stage;
  const mine = region.bytes();
  const firstFill = await timeFill(mine, 1, signal);
  const start = performance.now();
  const other = Buffer.allocUnsafeSlow(region.byteLength);
  const firstUse = { region: allocation + firstFill, buffer: performance.now() - start + (await timeFill(other, 1, signal)) };

  const sides = [mine, other] as const;
  const fill = await contest(sides, (memory) => timeFill(memory, 0, signal));
  // All is zero now, as the random walk needs it.
  const randomRead = await contest([wordsOf(mine), wordsOf(other)], (words) => timeRandomReads(words, READS, signal));
  const comparison: Comparison = { rounds: ROUNDS, firstUse, fill, randomRead };
  stage.say(...renderComparison(comparison));
  return comparison;
}

async function contest<T>([mine, other]: readonly [T, T], time: (side: T) => Promise<number>): Promise<Contest> {
  const region: number[] = [];
  const buffer: number[] = [];
  // The first round is not counted: it compiles the code and wakes the processor.
  for (let round = 0; round <= ROUNDS; round++) {
    const regionFirst = round % 2 === 0;
    const first = await time(regionFirst ? mine : other);
    const second = await time(regionFirst ? other : mine);
    if (round === 0) continue;
    region.push(regionFirst ? first : second);
    buffer.push(regionFirst ? second : first);
  }
  const ratio = region.map((mineTook, round) => (buffer[round] ?? NaN) / mineTook);
  return { region: spread(region), buffer: spread(buffer), ratio: spread(ratio) };
}

function wordsOf(memory: Buffer): Int32Array {
  const words = 2 ** Math.floor(Math.log2(memory.length / Int32Array.BYTES_PER_ELEMENT));
  return new Int32Array(memory.buffer, memory.byteOffset, words);
}

function renderComparison({ rounds, firstUse, fill, randomRead }: Comparison): string[] {
  const row = (name: string, { region, buffer, ratio }: Contest, unit: string): string[] => [
    name,
    `${region.median.toFixed(1)} ${unit}`,
    `${buffer.median.toFixed(1)} ${unit}`,
    `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)})`,
  ];
  const once = firstUse.buffer / firstUse.region;
  return [
    ...table([
      ['', 'region', 'Buffer', 'Buffer / region'],
      ['first use', `${firstUse.region.toFixed(0)} ms`, `${firstUse.buffer.toFixed(0)} ms`, `${once.toFixed(2)} (one sample)`],
      row('fill', fill, 'ms'),
      row('random read', randomRead, 'ns'),
    ]),
    `  Medians of ${String(rounds)} rounds. First use is allocating and filling once, page faults included; memory that a hypervisor`,
    '  has yet to find makes it slower for whoever gets it.',
    `  fill: ${verdict(fill.ratio)}`,
    `  random read: ${verdict(randomRead.ratio)}`,
  ];
}
