/** Prints what was found, and writes it to benchmarks/results/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { describeMachine } from '../../lib/bench/machine.js';
import type { BenchMachine } from '../../lib/bench/types.js';
import { inOneLine } from '../../lib/cli/bench/machine.js';
import { digits } from '../../lib/cli/bench/numbers.js';
import { bad, good, heading, table } from '../../lib/cli/render.js';
import { boundText } from './measure.js';
import type { Finding, Measure, Omission } from './measure.js';
import { QUICK } from './quick.js';
import { inCheckout } from './root.js';
import { NotInstalled, Unavailable } from './unavailable.js';

export const RESULTS = inCheckout('benchmarks/results');

/** One question of a benchmark. */
export interface Section {
  /** Names what could not be measured. */
  readonly name: string;
  readonly measure: () => Promise<Finding[]>;
}

/** `results/NAME.json` */
export interface Result {
  readonly benchmark: string;
  /** ISO 8601. */
  readonly date: string;
  /** The figures mean little. */
  readonly quick: boolean;
  readonly machine: BenchMachine;
  readonly findings: readonly Finding[];
}

/**
 * Runs the sections of a benchmark one after another, prints one table and writes `results/NAME.json`. What fails is said, and makes the
 * process end with 1; the others are measured nevertheless.
 *
 * @returns whether all is as it should be: {@link isAsItShouldBe}
 */
export async function report(name: string, title: string, sections: readonly Section[]): Promise<boolean> {
  const machine = describeMachine();
  console.log(heading(`${name}: ${title}`));
  console.log(inOneLine(machine));
  if (QUICK) console.log('A quick run: it shows that everything works, and its figures mean little.');
  const findings: Finding[] = [];
  for (const section of sections) findings.push(...(await measureOrExplain(section)));

  console.log(render(findings).join('\n'));
  mkdirSync(RESULTS, { recursive: true });
  const result: Result = { benchmark: name, date: new Date().toISOString(), quick: QUICK, machine, findings };
  writeFileSync(`${RESULTS}/${name}.json`, `${JSON.stringify(result, undefined, 2)}\n`);
  return findings.every(isAsItShouldBe);
}

/** Bounds are kept, and everything was measured that this machine can measure. */
export function isAsItShouldBe(finding: Finding): boolean {
  return 'reason' in finding ? finding.because === 'machine' : finding.ok !== false;
}

async function measureOrExplain({ name, measure }: Section): Promise<Finding[]> {
  try {
    return await measure();
  } catch (error) {
    if (error instanceof NotInstalled) return [{ name, reason: error.message, because: 'not installed' }];
    if (error instanceof Unavailable) return [{ name, reason: error.message, because: 'machine' }];
    console.error(error);
    process.exitCode = 1;
    return [{ name, reason: (error as Error).message, because: 'failed' }];
  }
}

function render(findings: readonly Finding[]): string[] {
  const measures = findings.filter((finding): finding is Measure => !('reason' in finding));
  const rows = measures.map((measure, index) => row(measure, measures[index - 1]));
  const lines = table([['', 'median', 'low', 'high', 'max', '', 'rounds', 'bound', ''], ...rows]);
  // Colour last: it has no width.
  const coloured = lines.map((line) => line.replace(/ ok$/, good(' ok')).replace(/ short$/, bad(' short')));
  const omissions = findings.filter((finding): finding is Omission => 'reason' in finding);
  return [...coloured, ...omissions.map((omission) => `  not measured: ${omission.name}: ${omission.reason}`)];
}

function row(measure: Measure, previous: Measure | undefined): string[] {
  const { unit, samples, value, bound, ok } = measure;
  const verdict = ok === undefined ? '' : ok ? 'ok' : 'short';
  const figures = [value.median, value.low, value.high, value.max].map(digits);
  return [label(measure, previous), ...figures, unit, String(samples), boundText(bound), verdict];
}

/** A ratio below the figure of the same is its peer. */
function label({ name, peer }: Measure, previous: Measure | undefined): string {
  if (peer === undefined) return name;
  return previous?.name === name ? `  by ${peer}` : `${name}, by ${peer}`;
}
