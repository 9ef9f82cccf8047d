/** The machine of a benchmark. */
import { availableParallelism, loadavg, release, totalmem } from 'node:os';
import { readText } from '../host/text.js';
import type { RootOptions } from '../host/text.js';
import { thp } from '../host/thp.js';
import { KiB, MiB } from '../units.js';
import type { BenchMachine } from './types.js';

export function describeMachine(options: RootOptions = {}): BenchMachine {
  const cpuinfo = readText('/proc/cpuinfo', options) ?? '';
  const { enabled, defrag, pmdSize } = thp(options);
  return {
    kernel: release(),
    arch: process.arch,
    node: process.version,
    cpu: /^model name\s*:\s*(.*)$/m.exec(cpuinfo)?.[1] ?? 'unknown',
    cpus: availableParallelism(),
    caches: dataCaches(options),
    virtual: /^flags\s*:.*\bhypervisor\b/m.test(cpuinfo),
    memory: totalmem(),
    thp: { enabled, defrag, pmdSize },
    loadAverage: loadavg()[0] ?? 0,
  };
}

/** Those that hold data, smallest first. */
function dataCaches(options: RootOptions): BenchMachine['caches'] {
  const caches: { level: number; bytes: number }[] = [];
  for (let index = 0; ; index++) {
    const read = (name: string): string | undefined =>
      readText(`/sys/devices/system/cpu/cpu0/cache/index${String(index)}/${name}`, options);
    const level = read('level');
    if (level === undefined) return caches;
    const [, count, unit] = /^(\d+)([KM])$/.exec(read('size') ?? '') ?? [];
    if (read('type') !== 'Instruction' && count !== undefined) {
      caches.push({ level: Number(level), bytes: Number(count) * (unit === 'M' ? MiB : KiB) });
    }
  }
}
