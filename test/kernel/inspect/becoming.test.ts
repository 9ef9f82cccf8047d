/** Processes that end, or become other programs, while they are looked at: whole, or not there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { ledger, processAccount, processes } from '../../../lib/index.js';
import type { ProcessAccount } from '../../../lib/index.js';
import { withCompiled } from '../../support/compiler.js';
import { HUGE_PAGE } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const POOL = { pageSize: HUGE_PAGE, pages: 4 };
const ROUNDS = 100;
/** In each the whole machine is looked through. */
const LISTINGS = 25;

/** Of becoming.c. */
const [LOW, HIGH] = [0x500000000000n, 0x600000000000n];

/** A program that becomes another by `exec` or whose children end by `exit`, for as long as `use` runs. */
async function withBecoming(how: 'exec' | 'exit', use: (pid: number) => Promise<void>): Promise<void> {
  await withCompiled(new URL('becoming.c', import.meta.url), [], async (program) => {
    const child = spawn(program, [how, String(Math.log2(HUGE_PAGE))], { stdio: ['pipe', 'ignore', 'inherit'] });
    const ended = once(child, 'exit');
    try {
      await use(child.pid ?? 0);
    } finally {
      child.stdin.end();
    }
    expect(await ended).toEqual([0, null]);
  });
}

/** What has the page that comes first in smaps has the other one too: it was taken before. */
function expectWhole({ mappings = [], total }: ProcessAccount): void {
  const starts = mappings.map(({ start }) => start);
  expect([[], [HIGH], [LOW, HIGH]]).toContainEqual(starts);
  expect(total).toBe(starts.length * HUGE_PAGE);
}

requires({ pool: POOL, compiler: true }).describe('a process', () => {
  withPool(POOL);

  it('that becomes another again and again is whole, vanished, or an error', async () => {
    await withBecoming('exec', async (pid) => {
      for (let round = 0; round < ROUNDS; round++) {
        for await (const entry of processes({ pids: [pid], mappings: true, all: true })) {
          if (entry.state === 'read') expectWhole(entry);
          else expect(entry).toMatchObject({ state: 'vanished', pid });
        }
        const account = await processAccount(pid).catch((error: unknown) => error as { code: string });
        if ('code' in account) expect(account.code).toMatch(/^ERR_HUGEPAGES_(?:BUSY|NO_PROCESS)$/);
        else expectWhole(account);
      }
    });
  });

  it('that becomes another again and again ends no ledger', async () => {
    await withBecoming('exec', async () => {
      for (let round = 0; round < LISTINGS; round++) {
        const { pools } = await ledger({ pageSize: HUGE_PAGE, attempts: 1 });
        for (const { rows, used } of pools) expect(rows.reduce((sum, row) => sum + row.used, 0)).toBe(used);
      }
    });
  });

  it('that ends is whole or vanished', async () => {
    await withBecoming('exit', async () => {
      for (let round = 0; round < LISTINGS; round++) {
        for await (const entry of processes({ command: 'compiled exit', mappings: true, all: true })) {
          if (entry.state === 'read') expectWhole(entry);
        }
      }
    });
  });
});
