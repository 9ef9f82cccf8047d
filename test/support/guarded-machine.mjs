/** Takes the machine for a run that changes its settings, and has them put back however the run ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const GUARDIAN = fileURLToPath(new URL('guardian.mjs', import.meta.url));

/**
 * Waits for the machine lock.
 *
 * @returns {Promise<() => Promise<boolean>>} ends the run; false when it had left something changed
 */
export async function guardMachine() {
  // Detached: ^C reaches this process's group, and the guardian has to outlive it.
  const guardian = spawn(process.execPath, [GUARDIAN], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(guardian, 'exit');
  await Promise.race([
    once(guardian.stdout, 'data'),
    exited.then(() => {
      throw new Error('The guardian of the machine settings did not start');
    }),
  ]);
  return async () => {
    guardian.stdin.end();
    const [code] = await exited;
    return code === 0;
  };
}
