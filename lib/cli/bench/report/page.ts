/** A report: one page of the sections of its results. */
import { differingFields } from '../../../bench/compare.js';
import type { BenchResult } from '../../../bench/types.js';
import { htmlDocument } from './document.js';
import { renderMachine } from './machine.js';
import { renderSection } from './section.js';
import type { Draw } from './vega.js';

/** @param results - at least one */
export async function renderPage(results: readonly BenchResult[], draw: Draw): Promise<string> {
  const title = `hugepages bench: ${results.map(({ benchmark }) => benchmark).join(', ')}`;
  const sections: string[] = [];
  for (const [index, result] of results.entries()) {
    const previous = results[index - 1]?.machine;
    const isAnother = previous === undefined || differingFields(previous, result.machine).length > 0;
    sections.push(...(isAnother ? [renderMachine(result.machine)] : []), await renderSection(result, `result-${String(index)}`, draw));
  }
  return htmlDocument(title, sections, results);
}
