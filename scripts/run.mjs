/** Runs programs for the scripts beside it, in the repository's root. */
import { spawnSync } from 'node:child_process';
import { ROOT } from './native-sources.mjs';

/**
 * Runs a program with this one's standard output; `quiet` shows its output only when it fails.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, quiet?: boolean }} [options] - `env` is added to this process's
 * @returns {boolean} whether it exited with 0
 */
export function run(program, args, { cwd = ROOT, env = {}, quiet = false } = {}) {
  const { status, signal, error, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', ...(quiet ? ['pipe', 'pipe'] : ['inherit', 'inherit'])],
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status === 0) return true;
  if (quiet) console.error(`${stdout ?? ''}${stderr ?? ''}`);
  console.error(`${program} ${args.join(' ')}: ${error?.message ?? signal ?? `exit code ${String(status)}`}`);
  return false;
}
