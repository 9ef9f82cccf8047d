/** explain() says what allocate() then does: in random states of pool, cgroups, mounts, other regions, limits and user. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeCgroup } from '../support/cgroup.js';
import type { TestCgroup } from '../support/cgroup.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { setPages, withPool } from '../support/pool.js';
import { NOBODY, requires } from '../support/requirements.js';
import { withThp } from '../support/thp.js';
import { ExplainProcess } from './explain-process.js';
import { question, state } from './explain-question.js';
import { enterState } from './explain-state.js';
import { SEED } from './seed.js';

const STATES = Number(process.env['FUZZ_STATES'] ?? 1_000);
const POOL = { pageSize: H, pages: 0 };

const MOST = { pageSize: H, pages: 64 };

requires({ ordinaryUser: true, cgroup: true, thp: true, pool: MOST, program: 'prlimit' }).describe('explain()', () => {
  withPool(POOL);
  withThp({ enabled: 'madvise', shmem_enabled: 'never' });
  const cgroups: TestCgroup[] = [];
  const processes: Partial<Record<'root' | 'nobody', ExplainProcess>> = {};

  beforeAll(async () => {
    const outer = makeCgroup();
    const inner = outer.divide('inner');
    cgroups.push(inner, outer);
    processes.root = await ExplainProcess.start(inner.directory, {});
    processes.nobody = await ExplainProcess.start(inner.directory, NOBODY);
  });
  afterAll(async () => {
    for (const process of Object.values(processes)) await process.end();
    for (const cgroup of cgroups) cgroup.remove();
  });

  it(
    `agrees with allocate() in ${String(STATES)} random states`,
    async () => {
      const [inner, outer] = cgroups.map(({ directory }) => directory);
      const property = fc.asyncProperty(state, question, async (there, { user, sync, options }) => {
        const asked = processes[user];
        if (asked === undefined || inner === undefined || outer === undefined) throw new Error('not started');
        const leave = await enterState(there, { outer, inner }, asked);
        try {
          const { explained, said, done } = await asked.ask(options, sync);
          expect(said, JSON.stringify(explained, undefined, 2)).toEqual(done);
        } finally {
          await leave();
        }
      });
      await fc.assert(property, { seed: SEED, numRuns: STATES }).finally(() => {
        setPages(H, POOL.pages);
      });
    },
    120_000,
  );
});
