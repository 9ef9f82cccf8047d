/** Lives of Node.js processes. */
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { inCheckout } from './root.js';

/** The command line of the package. */
export const CLI = inCheckout('dist/cli/main.js');

/** Runs Node.js in the checkout, where the package's own name leads to dist/. @returns milliseconds from its start to its end */
export function runNode(args: readonly string[], expected: readonly number[] = [0]): number {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, args, { cwd: inCheckout('.'), stdio: ['ignore', 'ignore', 'inherit'] });
  const milliseconds = performance.now() - start;
  if (status === null || !expected.includes(status)) throw new Error(`node ${args.join(' ')} failed`);
  return milliseconds;
}
