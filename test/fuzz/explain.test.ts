/** explain() says what allocate() then does: in random states of pool, cgroups, mounts, other regions, limits and user. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CandidateDiagnosis } from '../../lib/index.js';
import { makeCgroup } from '../support/cgroup.js';
import type { TestCgroup } from '../support/cgroup.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { setPages, withPool } from '../support/pool.js';
import { NOBODY, requires } from '../support/requirements.js';
import { withThp } from '../support/thp.js';
import { ExplainProcess } from './explain-process.js';
import type { Answer } from './explain-process.js';
import { GIGANTIC, MOUNT, question, state } from './explain-question.js';
import type { Question, State } from './explain-question.js';
import { enterState } from './explain-state.js';
import { SEED } from './seed.js';

const STATES = Number(process.env['FUZZ_STATES'] ?? 1_000);
const POOL = { pageSize: H, pages: 0 };

const MOST = { pageSize: H, pages: 64 };

/** What backings fail on in dozens of a thousand states. */
const COMMON = [
  'cgroup-pages',
  'cgroup-reservations',
  'exists',
  'no-mount',
  'no-such-page-size',
  'overcommit',
  'pool-too-small',
  'rlimit-address-space',
  'rlimit-data',
  'thp-off',
];

requires({ ordinaryUser: true, cgroup: true, thp: true, pool: MOST, program: 'prlimit' }).describe('explain()', () => {
  withPool(POOL, ...(GIGANTIC === undefined ? [] : [{ pageSize: GIGANTIC, pages: 1 }]));
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
    `agrees with allocate() in ${String(STATES)} random states, and knows what mends them`,
    async () => {
      const [inner, outer] = cgroups.map(({ directory }) => directory);
      const met = new Set<string>();
      const property = fc.asyncProperty(state, question, async (there, asking) => {
        const asked = processes[asking.user];
        if (asked === undefined || inner === undefined || outer === undefined) throw new Error('not started');
        const { mountPoint, leave } = await enterState(there, { outer, inner }, asked);
        const at = onMount(asking, mountPoint);
        try {
          const { candidates } = agreed(await asked.ask(at.options, at.sync));
          for (const { reasons } of candidates) met.add(reasons[0]?.code ?? '');
          // What another backing made has the name by now.
          const mendable = asking.mend && asking.options['persistent'] !== true && !alters(there, asking);
          for (const candidate of mendable ? candidates.filter(isMendable) : []) await mend(asked, at, candidate);
        } finally {
          await leave();
        }
      });
      await fc.assert(property, { seed: SEED, numRuns: STATES }).finally(() => {
        setPages(H, POOL.pages);
      });
      if (STATES >= 1_000) expect([...met]).toEqual(expect.arrayContaining(COMMON));
    },
    200 * STATES,
  );
});

function onMount({ options, ...asking }: Question, mountPoint: string): Question {
  const { path } = options;
  return { ...asking, options: typeof path === 'string' ? { ...options, path: path.replace(MOUNT, mountPoint) } : options };
}

function agreed({ explained, said, done }: Answer): Answer['explained'] {
  expect(said, JSON.stringify(explained)).toEqual(done);
  return explained;
}

/** Whether commands do it that can be pasted anywhere. Limits are those of a shell, large pools take their time, and mounts stay. */
function isMendable({ possible, byteLength, reasons }: CandidateDiagnosis): boolean {
  const isPasted = reasons.every(({ code, remedy }) => remedy?.command !== undefined && !code.startsWith('rlimit-') && code !== 'no-mount');
  return !possible && isPasted && byteLength <= MOST.pages * H;
}

/**
 * Whether the attempt leaves another state than it was asked about: a refused touch costs pages of a mount's quota, and pages that a mount
 * keeps go when they were used, where they are surplus, as docs/mounts.md says.
 */
function alters({ mount, pagesAfter }: State, { options }: Question): boolean {
  if (mount === undefined || options['source'] !== 'file') return false;
  const losesQuota = mount.more !== undefined && options['reserve'] === false;
  const losesKept = mount.minSize > 0 && pagesAfter !== undefined;
  return losesQuota || losesKept;
}

/** Pastes the command of each reason as root, whoever it was given to. */
async function mend(asked: ExplainProcess, { options, sync }: Question, { backing, pageSize, reasons }: CandidateDiagnosis): Promise<void> {
  const commands = reasons.flatMap(({ remedy }) => remedy?.command?.replaceAll('sudo ', '') ?? []);
  execFileSync('sh', ['-ec', commands.join('\n')], { stdio: 'ignore' });
  const explained = agreed(await asked.ask({ ...options, backing: [backing], pageSize }, sync));
  expect(explained.possible, commands.join('\n')).toBe(true);
}
