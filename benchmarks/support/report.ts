/** Prints what was found, and writes it to benchmarks/results/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { bad, good, heading, table } from '../../lib/cli/render.js';
import { describeMachine, inOneLine } from './machine.js';
import type { Finding, Measure, Omission } from './measure.js';
import { Unavailable } from './pages.js';
import { inCheckout } from './root.js';

const RESULTS = inCheckout('benchmarks/results');

/** One question of a benchmark. */
export interface Section {
  /** Names what could not be measured. */
  readonly name: string;
  readonly measure: () => Promise<Finding[]>;
}

/**
 * Runs the sections of a benchmark one after another, prints one table and writes `results/NAME.json`.
 *
 * @returns whether every bound was kept
 */
export async function report(name: string, title: string, sections: readonly Section[]): Promise<boolean> {
  const machine = describeMachine();
  console.log(heading(`${name}: ${title}`));
  console.log(inOneLine(machine));
  const findings: Finding[] = [];
  for (const section of sections) findings.push(...(await measureOrExplain(section)));

  console.log(render(findings).join('\n'));
  mkdirSync(RESULTS, { recursive: true });
  const result = { benchmark: name, date: new Date().toISOString(), machine, findings };
  writeFileSync(`${RESULTS}/${name}.json`, `${JSON.stringify(result, undefined, 2)}\n`);
  return findings.every((finding) => 'reason' in finding || finding.ok !== false);
}

async function measureOrExplain({ name, measure }: Section): Promise<Finding[]> {
  try {
    return await measure();
  } catch (error) {
    if (error instanceof Unavailable) return [{ name, reason: error.message }];
    throw error;
  }
}

function render(findings: readonly Finding[]): string[] {
  const measures = findings.filter((finding): finding is Measure => !('reason' in finding));
  const lines = table([['', 'median', 'min', 'max', '', 'rounds', 'bound', ''], ...measures.map(row)]);
  // Colour last: it has no width.
  const coloured = lines.map((line) => line.replace(/ ok$/, good(' ok')).replace(/ short$/, bad(' short')));
  const omissions = findings.filter((finding): finding is Omission => 'reason' in finding);
  return [...coloured, ...omissions.map((omission) => `  not measured: ${omission.name}: ${omission.reason}`)];
}

function row({ name, unit, samples, value, bound, ok }: Measure): string[] {
  const verdict = ok === undefined ? '' : ok ? 'ok' : 'short';
  const asked = bound === undefined ? '' : `${bound.of} ${bound.relation} ${String(bound.limit)}`;
  return [name, ...[value.median, value.min, value.max].map(digits), unit, String(samples), asked, verdict];
}

/** Three digits that count, and all before the point. */
function digits(value: number): string {
  const places = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(places, 4));
}
