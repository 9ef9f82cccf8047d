/** Programs of others. */
import { spawnSync } from 'node:child_process';
import { NotInstalled } from './unavailable.js';

/**
 * Runs a program of a Debian package.
 *
 * @returns what it prints
 * @throws NotInstalled
 */
export function output(packageName: string, program: string, args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (error !== undefined) throw new NotInstalled(program, `apt-get install -y --no-install-recommends ${packageName}`, { cause: error });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${stderr}`);
  return stdout;
}
