/** Why guests cannot be run here, if they cannot. */
import { findProgram } from '../../support/programs.js';
import { archive } from './apt.js';

export function obstacle(): string | undefined {
  if (process.arch !== 'x64') return `guests are x86-64, and this machine is ${process.arch}`;
  const missing = ['apt-get', 'dpkg-deb', 'setpriv'].find((program) => findProgram(program) === undefined);
  if (missing !== undefined) return `there is no program ${missing}`;
  if (archive() === undefined) return "apt does not know Debian's archive";
  return undefined;
}
