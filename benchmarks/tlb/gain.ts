/** What huge pages gain where base pages outgrow the TLB, found by a plain C++ program, by a thread of benchTlb() and by its JavaScript. */
import { execFileSync } from 'node:child_process';
import { benchTlb } from 'hugepages';
import type { BenchFigure } from 'hugepages';
import { median } from '../../lib/bench/statistics.js';
import { GiB, MiB } from '../../lib/units.js';
import { bounded, compared, figure } from '../support/measure.js';
import type { Finding, Sides } from '../support/measure.js';
import { compiled } from '../support/native.js';
import { withPages } from '../support/pages.js';
import { effort } from '../support/quick.js';
import type { Section } from '../support/report.js';
import { ratios } from '../support/rounds.js';

const ROUNDS = effort(12);
const BYTES = GiB;
const PAGES = BYTES / 4096;
const PAGE_SIZE = 2 * MiB;

export const gainSection: Section = {
  name: 'gain',
  measure: () => withPages(PAGE_SIZE, BYTES / PAGE_SIZE, measure),
};

/** The program has half of its rounds before and half of them after the others, so that what drifts is in all of them. */
async function measure(): Promise<Finding[]> {
  const before = runProgram();
  const { figures } = await benchTlb({ bytes: BYTES, rounds: ROUNDS });
  const after = runProgram();
  const plain = { ours: [...before.ours, ...after.ours], theirs: [...before.theirs, ...after.theirs] };
  return [
    ...gain('a load in C++', plain),
    ...gain('a load in the native kernel', sidesOf(figures, 'native'), plain),
    ...gain('a load in JavaScript', sidesOf(figures, 'javascript'), plain),
  ];
}

/** @param plain - what has to show as much */
function gain(name: string, sides: Sides, plain?: Sides): Finding[] {
  const findings = [figure(name, 'ns', sides.ours), compared(name, 'base pages', sides, { claim: 'loads by base pages' })];
  if (plain === undefined) return findings;
  const away = Math.abs(gainOf(sides) / gainOf(plain) - 1) * 100;
  return [...findings, bounded('  away from the gain in C++', '%', [away], { of: 'median', relation: '<=', limit: 10 })];
}

function gainOf({ ours, theirs }: Sides): number {
  return median(ratios(theirs, ours));
}

function runProgram(): Sides {
  const rounds = Math.ceil(ROUNDS / 2);
  const output = execFileSync(compiled('tlb'), [PAGE_SIZE, BYTES, rounds].map(String), { encoding: 'utf8' });
  const lines = output.trim().split('\n').map((line) => line.split(' ').map(Number));
  return { theirs: lines.map(([base = NaN]) => base), ours: lines.map(([, huge = NaN]) => huge) };
}

function sidesOf(figures: readonly BenchFigure[], engine: BenchFigure['engine']): Sides {
  const samples = (kind: string, pageSize: number): readonly number[] => {
    const isIt = ({ name, backing, parameter, ...of }: BenchFigure): boolean =>
      name === 'chase' && of.engine === engine && parameter.value === PAGES && backing?.kind === kind && backing.pageSize === pageSize;
    return figures.find(isIt)?.samples ?? [];
  };
  return { theirs: samples('base', 4096), ours: samples('hugetlb', PAGE_SIZE) };
}
