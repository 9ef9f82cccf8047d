/** Takes the machine for this run, and fails the run when it does not leave the machine as it found it. */
import { guardMachine } from './guarded-machine.mjs';

export default async function setup(): Promise<() => Promise<void>> {
  const end = await guardMachine();
  return async () => {
    if (await end()) return;
    // vitest only prints what a teardown throws.
    process.exitCode = 1;
    throw new Error('The tests left the machine changed');
  };
}
