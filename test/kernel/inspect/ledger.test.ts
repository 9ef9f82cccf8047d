/** Whose the pages are, one way of holding them at a time. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { leaks, ledger, mount, pool, setPool } from '../../../lib/index.js';
import type { LedgerOptions, LedgerPool } from '../../../lib/index.js';
import { runChild } from '../../support/child.js';
import { BAD_NUMBERS, NONSENSE, expectArgumentError, isNoObject } from '../../support/hostile.js';
import { withMountDirectory } from '../../support/mounts.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { NOBODY, requires } from '../../support/requirements.js';
import { rejectionOf } from '../../support/thrown.js';
import { withArrangement } from './arrangement.js';
import { summary } from './arrangements.js';

const POOL = { pageSize: H, pages: 64 };
const SHIFT = String(Math.log2(H));

/** The rows, with known processes as `a`, `b` and so on. */
function shown({ rows }: LedgerPool, pids: readonly number[]): string[] {
  const letters = new Map(pids.map((pid, index) => [String(pid), String.fromCharCode(97 + index)]));
  return rows.map((row) => summary(row, new Set(pids)).replaceAll(/(?<=mapped |open )\d+/g, (pid) => letters.get(pid) ?? pid)).sort();
}

async function onlyPool(options: LedgerOptions = {}): Promise<LedgerPool> {
  const { pools, consistent } = await ledger({ pageSize: H, ...options });
  expect(consistent).toBe(true);
  const [found] = pools;
  if (found === undefined) throw new Error('no pool');
  return found;
}

requires({ root: true, compiler: true, pool: POOL }).describe('the ledger', () => {
  withPool(POOL);
  const directory = withMountDirectory();

  it('tells pages that a child has from its parent from those that each has alone', async () => {
    await withArrangement(async (arrange) => {
      const pids = await arrange([`private,${SHIFT},5,3 fork write,1`]);
      expect(shown(await onlyPool(), pids)).toEqual([
        'private 1+0 mapped child',
        'private 1+2 mapped a',
        'private 2+0 mapped a mapped child',
      ]);
    });
  });

  it('counts the reservation that an ended parent’s pages give back later', async () => {
    await withArrangement(async (arrange) => {
      await arrange([`private,${SHIFT},5,3 orphan`]);
      const found = await onlyPool();
      expect(found.reserved).toBe(pool(H)?.reserved);
      expect(shown(found, [])).toEqual([`private 3+${String(found.reserved)} mapped child`]);
    });
  });

  it('knows what processes have mapped that executed a program, and what children have that map for themselves', async () => {
    await withArrangement(async (arrange) => {
      const executed = `exec private,${SHIFT},5,3`;
      const forked = `exec noreserve,${SHIFT},4,2 fork private,${SHIFT},3,1`;
      const pids = await arrange([executed, forked]);
      expect(shown(await onlyPool(), pids)).toEqual([
        'private 1+2 mapped child',
        'private 2+0 mapped b mapped child',
        'private 3+2 mapped a',
      ]);
      // A hole is then not taken for something that they have not.
      const others = await arrange([executed, `memfd,${SHIFT},4,2,mapped punch,1`]);
      expect(shown(await onlyPool(), others)).toEqual(['memfd 1+2 mapped b', 'private 3+2 mapped a']);
    });
  });

  it('calls nothing less than 0 but pages of a parent that has ended', async () => {
    await withArrangement(async (arrange) => {
      const pids = await arrange([`private,${SHIFT},3,3 orphan`, `memfd,${SHIFT},2,0,mapped`, `noreserve,${SHIFT},2,1 orphan`]);
      const { rows, reserved } = await onlyPool();
      // It has at least one of them, and the other two may be holes of the memfd as well.
      const owes = (pool(H)?.reserved ?? 0) < 0;
      expect(reserved).toBe(owes ? -1 : 2);
      const text = ['private 1+0 mapped child', owes ? 'private 3+-1 mapped child' : 'private 3+0 mapped child'];
      expect(shown({ rows } as LedgerPool, pids)).toEqual(expect.arrayContaining(text) as string[]);
      const among = rows.flatMap((row) => (row.kind === 'undetermined' ? row.among : []));
      expect(among.map(({ least, most }) => [least, most]).sort()).toEqual(
        owes
          ? [
              [-2, 0],
              [0, 2],
            ]
          : [],
      );
    });
  });

  it('says what it cannot tell apart, and how much it is together', async () => {
    await withArrangement(async (arrange) => {
      const pids = await arrange([`memfd,${SHIFT},4,4,mapped punch,3`, `memfd,${SHIFT},5,5,mapped`, `memfd,${SHIFT},2,1,open`]);
      const { rows } = await onlyPool();
      expect(shown({ rows } as LedgerPool, pids)).toEqual([
        'memfd 1+0 mapped a',
        'memfd 1+0 open c',
        'memfd 5+0 mapped b',
        'undetermined 0+1',
      ]);
      const among = rows.flatMap((row) => (row.kind === 'undetermined' ? row.among : []));
      expect(among.map(({ row, most }) => [rows[row]?.holders[0]?.pid, most]).sort()).toEqual([
        [pids[0], 1],
        [pids[2], 1],
      ]);
    });
  });

  it('does not take what nobody maps for reserved where that is of another', async () => {
    await withArrangement(async (arrange) => {
      const whole = await arrange([`shared,${SHIFT},6,0 unmap,3`]);
      expect(shown(await onlyPool(), whole)).toEqual(['anonymous 0+6 mapped a']);
    });
    await withArrangement(async (arrange) => {
      const pids = await arrange([`shared,${SHIFT},6,0 unmap,3`, `memfd,${SHIFT},3,1,filled`]);
      expect(shown(await onlyPool(), pids)).toEqual(['anonymous 0+4 mapped a', 'memfd 1+0 open b', 'undetermined 0+2']);
    });
  });

  it('has what a mount keeps for its files', async () => {
    const path = directory.path('m');
    mount({ path, minSize: 6 * H });
    expect(shown(await onlyPool(), [])).toEqual(['mount 0+6']);
    await withArrangement(async (arrange) => {
      const pids = await arrange([`file,${SHIFT},4,1,mapped,${path}/f`]);
      expect(shown(await onlyPool(), pids)).toEqual(['file 1+3 mapped a', 'mount 0+2']);
    });
    // Whether the file was ever mapped shows nowhere: without it the mount would keep as many pages more.
    expect(shown(await onlyPool(), [])).toEqual(['file 1+0', 'mount 0+2', 'undetermined 0+3']);
  });

  it('goes by what a mount counts, where it counts', async () => {
    const path = directory.path('m');
    mount({ path, size: 8 * H });
    await withArrangement(async (arrange) => {
      const pids = await arrange([`file,${SHIFT},4,2,mapped,${path}/f punch,1`, `memfd,${SHIFT},5,3,mapped punch,2`]);
      expect(shown(await onlyPool(), pids)).toEqual(['file 1+2 mapped a', 'memfd 1+2 mapped b']);
    });
  });

  it('has the private pages of a file apart from those of the file', async () => {
    const path = `${directory.path('m')}/f`;
    mount({ path: directory.path('m') });
    await withArrangement(async (arrange) => {
      const pids = await arrange([`file,${SHIFT},4,2,mapped,${path} copy,${SHIFT},3,1,,${path}`]);
      expect(shown(await onlyPool(), pids)).toEqual(['file 2+2 mapped a', 'private 1+2 mapped a']);
    });
  });

  it('sees a process whose first thread has ended', async () => {
    await withArrangement(async (arrange) => {
      const pids = await arrange([`private,${SHIFT},3,2 leave`]);
      expect(shown(await onlyPool(), pids)).toEqual(['private 2+1 mapped a']);
    });
  });

  it('has the segments of other IPC namespaces, with the same ids as here, and where they are', async () => {
    await withArrangement(async (arrangeHere) => {
      const [here] = await arrangeHere([`segment,${SHIFT},4,1,left`]);
      await withArrangement(
        async (arrange) => {
          const [attached = 0, left] = await arrange([`segment,${SHIFT},3,2,attached`, `segment,${SHIFT},2,1,left`]);
          const { rows } = await onlyPool();
          const namespace = { name: readlinkSync(`/proc/${String(attached)}/ns/ipc`), pid: expect.any(Number) as number };
          const found = rows.flatMap((row) => (row.kind === 'sysv' ? { reserved: row.reserved, ...row.segment } : []));
          expect(found.sort((a, b) => b.reserved - a.reserved)).toMatchObject([
            { reserved: 3, creatorPid: here, attachments: 0, namespace: undefined },
            { reserved: 1, creatorPid: attached, attachments: 1, namespace },
            { reserved: 1, creatorPid: left, attachments: 0, namespace },
          ]);
        },
        ['unshare', '--ipc'],
      );
    });
  });

  it('adds up also while others change the pool, and says when it is of several moments', async () => {
    await withArrangement(async (arrange) => {
      await arrange([`memfd,${SHIFT},3,2,open`, `churn,${SHIFT},8`, `churn,${SHIFT},3`]);
      for (let times = 0; times < 10; times++) {
        const { pools, consistent, attempts } = await ledger({ pageSize: H, attempts: 2 });
        expect(attempts).toBeLessThanOrEqual(2);
        for (const { rows, used, reserved, residue } of pools) {
          expect(rows.reduce((sum, row) => sum + row.used, 0)).toBe(used);
          expect(rows.reduce((sum, row) => sum + row.reserved, 0)).toBe(reserved);
          expect(consistent && residue.used < 0).toBe(false);
          expect(rows).toContainEqual(expect.objectContaining({ kind: 'memfd', used: 2 }));
        }
      }
    });
  });

  it('is not disturbed by processes that end', async () => {
    const script = 'echo; while :; do for i in 1 2 3 4; do sleep 0.01 & done; wait; done';
    const busy = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(busy.stdout, 'data');
    for (let times = 0; times < 10; times++) expect((await onlyPool()).rows).toEqual([]);
    busy.kill('SIGKILL');
    await once(busy, 'exit');
  });

  it('tells surplus pages that may come on demand from those of a pool that was made smaller', async () => {
    await withArrangement(async (arrange) => {
      const pids = await arrange([`private,${SHIFT},3,3`]);
      await setPool({ pageSize: H, pages: 0, allowSurplus: true, overcommit: 1 });
      const found = await onlyPool();
      await setPool({ pageSize: H, pages: POOL.pages, overcommit: 0 });
      expect(found.surplus).toEqual({ pages: 3, overcommit: 1, shrunk: 2 });
      expect(shown(found, pids)).toEqual(['private 3+0 mapped a']);
    });
  });
});

requires({ ordinaryUser: true, pool: POOL, compiler: true }).describe('the ledger of an ordinary user', () => {
  withPool(POOL);

  it('has its own pages, and says that others are not seen', async () => {
    await withArrangement(async (arrange) => {
      await arrange([`private,${SHIFT},4,3`]);
      const { json } = await runChild(new URL('children/own-ledger.mjs', import.meta.url), [H], NOBODY);
      const { own, residue, partial, gaps } = json as { own: string[]; residue: object; partial: boolean; gaps: string[] };
      expect(own).toEqual(['anonymous 2+0', 'private 3+0']);
      expect(residue).toEqual({ used: 3, reserved: 1 });
      expect(partial).toBe(true);
      expect(gaps.join('\n')).toMatch(/may not be looked into/);
    });
  });
});

describe('wrong arguments of the ledger', () => {
  it.each([
    [{ pageSize: 'x' }, 'ERR_INVALID_ARG_VALUE'],
    [{ pageSize: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ pageSize: 4096 }, 'ERR_HUGEPAGES_PAGE_SIZE'],
    [{ attempts: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ attempts: '1' }, 'ERR_INVALID_ARG_TYPE'],
    [{ attemps: 1 }, 'ERR_INVALID_ARG_VALUE'],
    [1, 'ERR_INVALID_ARG_TYPE'],
  ])('%j: %s', async (options, code) => {
    for (const take of [ledger, leaks]) await expect(take(options as LedgerOptions)).rejects.toMatchObject({ code });
  });

  it('are argument errors, whatever they are', async () => {
    for (const value of [...NONSENSE, ...BAD_NUMBERS]) {
      expectArgumentError(await rejectionOf(ledger({ pageSize: value as number })), value);
      expectArgumentError(await rejectionOf(ledger({ attempts: value as number })), value);
    }
    for (const value of NONSENSE.filter(isNoObject)) expectArgumentError(await rejectionOf(ledger(value as LedgerOptions)), value);
  });
});
