/** How a limit of a cgroup is raised. */
import { basename } from 'node:path/posix';
import { commandRemedy, writeCommand } from './remedy.js';
import type { Remedy } from './remedy.js';

/**
 * @param readOnly - where the files cannot be written to; their paths on the host are not seen from here
 * @param values - by file
 */
export function raiseCgroup(sentence: string, readOnly: boolean, values: Readonly<Record<string, number | string>>): Remedy {
  const files = Object.keys(values);
  if (!readOnly) {
    return commandRemedy(sentence, files.map((file) => writeCommand(file, values[file] ?? '')).join(' && '), true);
  }
  const names = [...new Set(files.map((file) => basename(file)))].join(' and ');
  const where = `in what the container's runtime was told, or in ${names} of the cgroup on the host`;
  return { sentence: `${sentence} from outside, ${where}: here it is mounted read-only`, needsRoot: true };
}
