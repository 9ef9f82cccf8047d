/** A process that holds memory of every kind and is stopped: what the kernel says of it does not change. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RegionToken } from '../../lib/index.js';
import { HUGE_PAGE } from './page-sizes.js';

const PROGRAM = fileURLToPath(new URL('../kernel/inspect/children/every-memory.mjs', import.meta.url));

/** Pages that it takes from the pool. */
export const TAKEN_PAGES = 4;
/** Pages of a mapping that it did not touch. */
export const UNTOUCHED_PAGES = 1;

export const STOPPED_NEED = { pageSize: HUGE_PAGE, pages: TAKEN_PAGES + UNTOUCHED_PAGES };

/**
 * Runs a test while test/kernel/inspect/children/every-memory.mjs is stopped, and ends that.
 *
 * @param use - gets its process id, and the token of two shared hugetlb pages
 */
export async function withStopped(use: (pid: number, token: RegionToken) => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, String(HUGE_PAGE)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const { pid = 0 } = child;
  const exit = once(child, 'exit');
  try {
    const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    while (!readFileSync(`/proc/${String(pid)}/status`, 'utf8').includes('State:\tT')) await delay(5);
    await use(pid, (JSON.parse(line) as { token: RegionToken }).token);
  } finally {
    child.kill('SIGKILL');
    await exit;
  }
}
