/** Programs that use a file of a mount, each in one way, until the end of a test. */
import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { afterEach } from 'vitest';

/** Starts programs that print a line when they use what they were given. Those that still run are killed after each test. */
export function withHolders(): { start(command: readonly string[], options?: SpawnOptions): Promise<ChildProcess> } {
  const running = new Set<ChildProcess>();
  afterEach(async () => {
    for (const child of running) await stop(child);
    running.clear();
  });
  return {
    start: async ([file = '', ...args], options = {}) => {
      const child = spawn(file, args, { ...options, stdio: ['pipe', 'pipe', 'inherit'] });
      running.add(child);
      await Promise.race([
        once(child.stdout, 'data'),
        once(child, 'exit').then(() => {
          throw new Error(`${file} ${args.join(' ')} ended`);
        }),
      ]);
      return child;
    },
  };
}

/** Kills it and waits for its end. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** A shell that has a file open. */
export function opens(path: string): string[] {
  return ['sh', '-c', 'exec 3<"$1"; echo ready; read line', 'sh', path];
}

/** A shell that holds an flock(2) on a file, through a program of its own that has it open. */
export function locks(path: string): string[] {
  return ['flock', path, 'sh', '-c', 'echo ready; read line'];
}

/** A shell in a directory. */
export function isIn(path: string): string[] {
  return ['sh', '-c', 'cd "$1"; echo ready; read line', 'sh', path];
}
