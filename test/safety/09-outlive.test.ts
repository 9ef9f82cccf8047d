/**
 * Rule 9: process.exit(), an uncaught exception and SIGKILL run no cleanup. So nothing that the kernel keeps beyond a process has a
 * name, not even while the process runs: no file in /dev/shm or a hugetlbfs mount, no SysV segment.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mounts } from '../../lib/index.js';
import { startChild } from '../support/child.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { withPool } from '../support/pool.js';
import { requires } from '../support/requirements.js';

const CHILD = new URL('children/outlive.mjs', import.meta.url);
const POOL = { pageSize: H, pages: 2 };

function named(): Record<string, unknown> {
  const directories = ['/dev/shm', ...mounts().map(({ mountPoint }) => mountPoint)];
  const files = directories.map((directory) => [directory, readdirSync(directory)]);
  return { files, segments: readFileSync('/proc/sysvipc/shm', 'utf8') };
}

requires({ pool: POOL }).describe('rule 9: what outlives a process', () => {
  withPool(POOL);

  it.each([
    ['process.exit', 'SIGUSR2', 0, null],
    ['uncaught throw', 'SIGUSR2', 1, null],
    ['killed', 'SIGKILL', null, 'SIGKILL'],
  ] as const)('is nothing: %s', async (ending, trigger, code, signal) => {
    const before = named();
    const run = startChild(CHILD, [ending, H]);
    await run.until('holding');
    expect(named()).toEqual(before);
    run.child.kill(trigger);
    expect(await run.result).toMatchObject({ code, signal });
    expect(named()).toEqual(before);
  });
});
