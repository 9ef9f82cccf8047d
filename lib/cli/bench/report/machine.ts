/** The machine of a result in a report. */
import type { BenchMachine } from '../../../bench/types.js';
import { counted, formatSize } from '../../../units.js';
import { escapeXml } from '../../escape-xml.js';

export function renderMachine(machine: BenchMachine): string {
  const { cpu, cpus, virtual, caches, memory, thp, kernel, arch, node, loadAverage } = machine;
  const rows = {
    Processor: `${cpu}, ${counted(cpus, 'CPU')}, ${arch}${virtual ? ', virtual: a hypervisor is below' : ''}`,
    Caches: caches.map(({ level, bytes }) => `L${String(level)} ${formatSize(bytes)}`).join(', ') || 'unknown',
    Memory: formatSize(memory),
    'Transparent huge pages': `enabled ${String(thp.enabled)}, defrag ${String(thp.defrag)}`,
    Software: `Linux ${kernel}, Node.js ${node}`,
    'Load average': loadAverage.toFixed(2),
  };
  return `<dl>${Object.entries(rows).map(([name, value]) => `<dt>${name}</dt><dd>${escapeXml(value)}</dd>`).join('')}</dl>`;
}
