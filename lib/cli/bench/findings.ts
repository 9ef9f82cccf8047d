/** What a benchmark has found, as tables and sentences, on a terminal and in a report. */
import type { BenchAdvice } from '../../bench/advise.js';
import { backingName } from '../../bench/backing-name.js';
import { repeatsWithin } from '../../bench/figures.js';
import type { PageSizeVerdict, TlbGain, TlbKnee } from '../../bench/tlb/types.js';
import type { BenchResult } from '../../bench/types.js';
import { formatSize } from '../../units.js';
import { digits, percent, ratioText } from './numbers.js';

/** As a share: what differs by less is the same to most who ask. */
const STEADY = 0.05;

/** Texts in rows. The first names a row. */
export interface Findings {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function kneeFindings(knees: readonly TlbKnee[]): Findings {
  return {
    title: 'Levels of the TLB',
    columns: ['', 'level', 'pages', 'reach', 'a miss costs'],
    rows: knees.map(({ backing, level, pages, reach, missCost }) => [
      backingName(backing),
      level === 1 ? 'first' : 'second',
      String(pages),
      formatSize(reach),
      `${digits(missCost)} ns`,
    ]),
  };
}

export function gainFindings(gains: readonly TlbGain[]): Findings {
  return {
    title: 'Base pages by huge pages, with all memory: above 1, huge pages are faster',
    columns: ['', 'accesses', 'pages touched', 'ratio (95 % confidence)', 'noise floor'],
    rows: gains.map(({ backing, engine, pages, noise, ...ratio }) => [
      backingName(backing),
      engine,
      String(pages),
      ratioText(ratio),
      percent(noise),
    ]),
  };
}

export function adviceFindings(advice: readonly BenchAdvice[]): Findings {
  return {
    title: 'Base pages by huge pages: above 1, huge pages are faster',
    columns: ['', 'accesses', 'ratio (95 % confidence)', 'saved', ''],
    rows: advice.map(({ backing, accesses, savedNanoseconds, verdict, ...ratio }) => [
      backingName(backing),
      accesses,
      ratioText(ratio),
      `${digits(savedNanoseconds)} ns`,
      verdict,
    ]),
  };
}

/** `hugetlb 2MiB: splintered into entries of 4KiB` */
export function verdictText({ backing, verdict, effectivePageSize, splinteredShare }: PageSizeVerdict): string {
  const name = backingName(backing);
  if (verdict === 'whole') return `${name}: one entry maps a page`;
  if (verdict === 'undetermined') return `${name}: not determined`;
  const places =
    splinteredShare === undefined || splinteredShare === 0 || splinteredShare === 1 ? '' : `, at ${percent(splinteredShare)} of the places`;
  return `${name}: splintered into entries of ${formatSize(effectivePageSize ?? 0)}${places}`;
}

/** How the figures came about, and what they can tell. */
export function roundsText({ figures, noise, settings, milliseconds }: BenchResult): string {
  const most = Math.max(...figures.map((figure) => figure.noise ?? 0));
  const floor = noise === undefined ? '' : ` Noise floor ${percent(noise)} at the median of the figures, ${percent(most)} at most.`;
  return `Medians of ${String(settings['rounds'])} rounds, in ${(milliseconds / 1000).toFixed(1)} s.${floor}`;
}

/** What may be expected of another run. */
export function repeatabilityText({ figures, clock: { samples } }: BenchResult): string {
  const steady = figures.filter((figure) => repeatsWithin(figure) <= STEADY).length;
  const wander = Math.max(...samples) / Math.min(...samples) - 1;
  return (
    `Another run: ${String(steady)} of ${String(figures.length)} figures within ${percent(STEADY)} at the same clock of the processor, ` +
    `which wandered by ${percent(wander)} in this one.`
  );
}
