/** All processes of this machine, while some of them come and go, and as seen by another user. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { processAccount, processes } from '../../../lib/index.js';
import type { ProcessEntry } from '../../../lib/index.js';
import { pids } from '../../../lib/inspect/procfs/pids.js';
import { runChild } from '../../support/child.js';
import { withHolders } from '../../support/holders.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { NOBODY, requires } from '../../support/requirements.js';

const HOLDS = fileURLToPath(new URL('children/holds.mjs', import.meta.url));
const POOL = { pageSize: H, pages: 4 };
const ALLOCATE = JSON.stringify({ allocate: [{ size: 3 * H, backing: ['hugetlb'] }] });

it('each process that stays is there once, whatever comes and goes meanwhile', async () => {
  // Each shell starts programs that end at once.
  const churn = Array.from({ length: 3 }, () => spawn('sh', ['-c', 'while :; do /bin/true; done'], { stdio: 'ignore' }));
  try {
    for (let round = 0; round < 10; round++) {
      const found = new Map<number, ProcessEntry[]>();
      for await (const entry of processes({ all: true, mappings: round % 2 === 0, concurrency: 8 })) {
        found.set(entry.pid, [...(found.get(entry.pid) ?? []), entry]);
      }
      expect([...found.values()].every((entries) => entries.length === 1)).toBe(true);
      const staying = [process.pid, ...churn.map((child) => child.pid ?? 0)];
      for (const pid of staying) expect(found.get(pid)).toMatchObject([{ state: 'read', pid }]);
    }
  } finally {
    for (const child of churn) child.kill('SIGKILL');
  }
});

const isKernelThread = (pid: number): boolean => readFileSync(`/proc/${String(pid)}/comm`, 'utf8') === 'kthreadd\n';

it('kernel threads have nothing, and are nobody who may not be looked into', async () => {
  const [kthreadd] = pids().filter((pid) => pid === 2 && isKernelThread(pid));
  if (kthreadd === undefined) return; // a PID namespace
  expect(await processAccount(kthreadd)).toMatchObject({ kind: 'kernel-thread', name: 'kthreadd', total: 0, mappings: [] });
});

requires({ ordinaryUser: true, pool: POOL }).describe('a user without privileges', () => {
  withPool(POOL);
  const holders = withHolders();

  it("sees the own processes, of others' the pages of pools in all, and is told which", async () => {
    const { pid: others = 0 } = await holders.start([process.execPath, HOLDS, ALLOCATE]);
    const list = new URL('children/list.mjs', import.meta.url);
    const { code, stderr, json } = await runChild(list, [others], NOBODY);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { own, entries, error } = json as { own: number; entries: ProcessEntry[]; error: unknown };
    expect(entries).toHaveLength(2);
    expect(entries).toContainEqual(expect.objectContaining({ pid: others, state: 'unreadable', hugetlbBytes: 3 * H }));
    expect(entries).toContainEqual(expect.objectContaining({ pid: own, state: 'read', kind: 'process' }));
    expect(error).toMatchObject({ name: 'HugePagesError', code: 'ERR_HUGEPAGES_PERMISSION', details: { pid: others } });
  });
});
