/** The machine of a benchmark for people. */
import type { BenchMachine } from '../../bench/types.js';
import { formatSize } from '../../units.js';
import { cpuCount } from './numbers.js';

export function inOneLine({ cpu, cpus, virtual, memory, kernel, node, loadAverage }: BenchMachine): string {
  const processors = `${cpuCount(cpus)} ${cpu}${virtual ? ' (virtual)' : ''}`;
  return `${processors}, ${formatSize(memory)}, Linux ${kernel}, Node.js ${node}, load ${loadAverage.toFixed(1)}`;
}
