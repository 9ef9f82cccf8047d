/** Pressure stall information: how long tasks have waited for memory. */
import { cgroupLimits } from './cgroups.js';
import { readText } from './text.js';
import type { RootOptions } from './text.js';

/** `some avg10` of the text of a pressure file: the share of the last ten seconds in which some task waited, in percent. */
export function parsePressure(text: string): number | undefined {
  const average = /^some avg10=([\d.]+)/m.exec(text)?.[1];
  return average === undefined ? undefined : Number(average);
}

/**
 * The highest memory pressure of the machine, of this process's cgroup and of those above it: `/proc/pressure/memory` (Linux 4.20) and
 * `memory.pressure`.
 *
 * @returns percent; undefined where the kernel does not count it
 */
export function memoryPressure(options: RootOptions = {}): number | undefined {
  const groups = cgroupLimits(options).memory.levels.map(({ directory }) => `${directory}/memory.pressure`);
  const known = ['/proc/pressure/memory', ...groups].map((file) => read(file, options)).filter((percent) => percent !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function read(file: string, options: RootOptions): number | undefined {
  try {
    return parsePressure(readText(file, options) ?? '');
  } catch {
    return undefined; // the file is there and says EOPNOTSUPP: switched off at boot
  }
}
