/** What the figures depend on. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { thp } from 'hugepages';
import { formatSize } from '../../lib/units.js';

/** The machine of a run. */
export interface Machine {
  readonly cpu: string;
  readonly cpus: number;
  /** The hypervisor hides what is behind it: see benchmarks/README.md. */
  readonly virtual: boolean;
  readonly memory: string;
  readonly kernel: string;
  readonly node: string;
  readonly thp: ReturnType<typeof thp>;
  readonly loadAverage: number;
}

export function describeMachine(): Machine {
  return {
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cpus: os.availableParallelism(),
    virtual: /^flags\s*:.*\bhypervisor\b/m.test(readFileSync('/proc/cpuinfo', 'utf8')),
    memory: formatSize(os.totalmem()),
    kernel: os.release(),
    node: process.version,
    thp: thp(),
    loadAverage: os.loadavg()[0] ?? NaN,
  };
}

export function inOneLine({ cpus, cpu, virtual, memory, kernel, node, loadAverage }: Machine): string {
  const processors = `${String(cpus)} CPUs ${cpu}${virtual ? ' (virtual)' : ''}`;
  return `${processors}, ${memory}, Linux ${kernel}, Node.js ${node}, load ${loadAverage.toFixed(1)}`;
}
