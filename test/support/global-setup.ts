/** Takes the machine for this run, and fails the run when it does not leave the machine as it found it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const GUARDIAN = fileURLToPath(new URL('guardian.mjs', import.meta.url));

export default async function setup(): Promise<() => Promise<void>> {
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
    const [code] = (await exited) as [number | null];
    if (code === 0) return;
    // vitest only prints what a teardown throws.
    process.exitCode = 1;
    throw new Error('The tests left the machine changed');
  };
}
