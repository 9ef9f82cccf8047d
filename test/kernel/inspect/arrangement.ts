/** Processes that hold huge pages in every way there is: the program `arrangement.c`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { withCompiled } from '../../support/compiler.js';

/** Starts processes, each with its actions, ends those before, and returns the pids. */
export type Arrange = (processes: readonly string[]) => Promise<number[]>;

/** Lets `use` arrange; what it has arranged is gone at the end. */
export async function withArrangement(use: (arrange: Arrange) => Promise<void>, within: readonly string[] = []): Promise<void> {
  await withCompiled(new URL('arrangement.c', import.meta.url), ['-pthread'], async (program) => {
    const [file, ...args] = [...within, program];
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdout.setEncoding('utf8');
    const ended = once(child, 'exit');
    try {
      await use(async (processes) => {
        child.stdin.write(`${processes.join(';')}\n`);
        const [line] = (await once(child.stdout, 'data')) as [string];
        const [word, ...pids] = line.trim().split(' ');
        if (word !== 'ready' && word !== 'stopped') throw new Error(line);
        return pids.map(Number);
      });
    } finally {
      child.stdin.end();
      await ended;
    }
  });
}
