/** The machine of a benchmark for people. */
import type { BenchMachine } from '../../bench/types.js';
import { counted, formatSize } from '../../units.js';

export function inOneLine({ cpu, cpus, virtual, memory, kernel, node, loadAverage }: BenchMachine): string {
  const processors = `${counted(cpus, 'CPU')} ${cpu}${virtual ? ' (virtual)' : ''}`;
  return `${processors}, ${formatSize(memory)}, Linux ${kernel}, Node.js ${node}, load ${loadAverage.toFixed(1)}`;
}
