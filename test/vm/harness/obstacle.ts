/** Why a guest cannot be run here. */
import { meminfo } from '../../support/kernel-text.js';
import { findProgram } from '../../support/programs.js';
import { archive } from './apt.js';
import type { Hardware } from './qemu.js';

const PROGRAMS = ['apt-get', 'dpkg-deb', 'setpriv'];

/** @returns undefined when it can */
export function obstacle({ nodes }: Hardware): string | undefined {
  if (process.arch !== 'x64') return `guests are x86-64, and this machine is ${process.arch}`;
  const missing = PROGRAMS.find((program) => findProgram(program) === undefined);
  if (missing !== undefined) return `there is no program ${missing}`;
  if (archive() === undefined) return "apt does not know Debian's archive";
  const mib = nodes.reduce((sum, size) => sum + size, 0);
  return meminfo('MemAvailable') < mib * 2 ** 20 ? `needs ${String(mib)} MiB of available memory` : undefined;
}
