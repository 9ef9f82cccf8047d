/** A report: one page that needs nothing besides, with the results themselves in it. */
import type { BenchMachine, BenchResult } from '../../../bench/types.js';
import { formatSize } from '../../../units.js';
import { escapeXml } from '../../escape-xml.js';
import { renderSection } from './section.js';
import { STYLE } from './style.js';
import type { Draw } from './vega.js';

/** No script runs and nothing is fetched, whatever a result says. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** @param results - at least one */
export async function renderPage(results: readonly BenchResult[], draw: Draw): Promise<string> {
  const title = `hugepages bench: ${results.map(({ benchmark }) => benchmark).join(', ')}`;
  const sections: string[] = [];
  for (const [index, result] of results.entries()) {
    const machine = index > 0 && isSameMachine(result.machine, results[index - 1]?.machine) ? [] : [renderMachine(result.machine)];
    sections.push(...machine, await renderSection(result, `result-${String(index)}`, draw));
  }
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<link rel="icon" href="data:,">',
    `<title>${escapeXml(title)}</title>`,
    `<style>\n${STYLE}\n</style>`,
    '</head>',
    '<body>',
    `<h1>${escapeXml(title)}</h1>`,
    ...sections,
    `<script type="application/json" id="results">${embedded(results)}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function renderMachine(machine: BenchMachine): string {
  const { cpu, cpus, virtual, caches, memory, thp, kernel, arch, node, loadAverage } = machine;
  const rows = {
    Processor: `${cpu}, ${String(cpus)} CPUs, ${arch}${virtual ? ', virtual: a hypervisor is below' : ''}`,
    Caches: caches.map(({ level, bytes }) => `L${String(level)} ${formatSize(bytes)}`).join(', ') || 'unknown',
    Memory: formatSize(memory),
    'Transparent huge pages': `enabled ${String(thp.enabled)}, defrag ${String(thp.defrag)}`,
    Software: `Linux ${kernel}, Node.js ${node}`,
    'Load average': loadAverage.toFixed(2),
  };
  return `<dl>${Object.entries(rows).map(([name, value]) => `<dt>${name}</dt><dd>${escapeXml(value)}</dd>`).join('')}</dl>`;
}

/** The load is of the moment, and no property of a machine. */
function isSameMachine(one: BenchMachine, other: BenchMachine | undefined): boolean {
  return JSON.stringify({ ...one, loadAverage: 0 }) === JSON.stringify({ ...other, loadAverage: 0 });
}

/** JSON that no text in it ends the element of. */
function embedded(results: readonly BenchResult[]): string {
  return JSON.stringify(results).replaceAll('<', '\\u003c');
}
