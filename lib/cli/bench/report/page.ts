/** A report: one page of the sections of its results. */
import type { BenchResult } from '../../../bench/types.js';
import { htmlDocument } from './document.js';
import { isSameMachine, renderMachine } from './machine.js';
import { renderSection } from './section.js';
import type { Draw } from './vega.js';

/** @param results - at least one */
export async function renderPage(results: readonly BenchResult[], draw: Draw): Promise<string> {
  const title = `hugepages bench: ${results.map(({ benchmark }) => benchmark).join(', ')}`;
  const sections: string[] = [];
  for (const [index, result] of results.entries()) {
    const machine = index > 0 && isSameMachine(result.machine, results[index - 1]?.machine) ? [] : [renderMachine(result.machine)];
    sections.push(...machine, await renderSection(result, `result-${String(index)}`, draw));
  }
  return htmlDocument(title, sections, results);
}
