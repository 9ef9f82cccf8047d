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
export const TAKEN_PAGES = 5;
/** Pages that it has reserved, before and behind the one that it touched. */
export const UNTOUCHED_PAGES = 2;

export const STOPPED_NEED = { pageSize: HUGE_PAGE, pages: TAKEN_PAGES + UNTOUCHED_PAGES };

export interface HeldMemory {
  /** Of two shared hugetlb pages. */
  readonly token: RegionToken;
  /** Address of three hugetlb pages, of which the second was touched. */
  readonly touched: bigint;
}

/**
 * Runs a test while test/kernel/inspect/children/every-memory.mjs is stopped, and ends that.
 *
 * @param use - gets its process id
 */
export async function withStopped(use: (pid: number, held: HeldMemory) => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, String(HUGE_PAGE)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const { pid = 0 } = child;
  const exit = once(child, 'exit');
  try {
    const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    while (!readFileSync(`/proc/${String(pid)}/status`, 'utf8').includes('State:\tT')) await delay(5);
    const { token, touched } = JSON.parse(line) as { token: RegionToken; touched: string };
    await use(pid, { token, touched: BigInt(touched) });
  } finally {
    child.kill('SIGKILL');
    await exit;
  }
}
