/** `hugepages ps` from a shell, and what its program takes, beside `pmap -XX` over the same processes. */
import { spawnSync } from 'node:child_process';
import { bounded, compared, figure } from '../support/measure.js';
import type { Finding } from '../support/measure.js';
import { CLI, runNode } from '../support/node.js';
import { withPages } from '../support/pages.js';
import type { Section } from '../support/report.js';
import { inTurn } from '../support/rounds.js';
import { timed } from '../support/timed.js';
import { NotInstalled } from '../support/unavailable.js';
import type { ClaimName } from '../summary/claims.js';
import { withCrowd } from './crowd.js';

const ROUNDS = 11;
const PROCESSES = 1000;
/** As many as one machine has databases and virtual machines. */
const HOLDERS = 50;
const PAGE_SIZE = 2 ** 21;

/** pmap takes no more at once. */
const PMAP_PIDS = 250;

export const processesSection: Section = {
  name: 'hugepages ps',
  measure: () =>
    withPages(PAGE_SIZE, PROCESSES, async () => {
      const some = await measure(HOLDERS);
      const all = await measure(PROCESSES);
      return [
        figure('pmap -XX of 1,000 processes', 'ms', some.pmap),
        ...findingsOf(`hugepages ps, ${String(HOLDERS)} of them with a page`, some, 'ps by pmap'),
        ...findingsOf('hugepages ps, each of them with a page', all, 'ps of holders by pmap'),
      ];
    }),
};

/** Milliseconds of each round, and MiB. */
type Samples = Record<'pmap' | 'ps' | 'memory', number[]>;

function findingsOf(name: string, { pmap, ps, memory }: Samples, claim: ClaimName): Finding[] {
  return [
    figure(name, 'ms', ps),
    compared(name, 'pmap -XX', { ours: ps, theirs: pmap }, { atLeast: 3, claim }),
    bounded('  its memory', 'MiB', memory, { of: 'max', relation: '<', limit: 100 }, 'memory of ps'),
  ];
}

function measure(holders: number): Promise<Samples> {
  return withCrowd(PROCESSES, holders, PAGE_SIZE, async (pids) => {
    check(pids, holders);
    const { pmap, ps } = await inTurn(ROUNDS, {
      pmap: () => timed(() => pmapAll(pids)),
      ps: () => runNode([CLI, 'ps', ...pids.map(String)]),
    });
    return { pmap, ps, memory: [memoryOf(pids)] };
  });
}

function pmapAll(pids: readonly number[]): void {
  for (let from = 0; from < pids.length; from += PMAP_PIDS) {
    const { status, error } = spawnSync('pmap', ['-XX', ...pids.slice(from, from + PMAP_PIDS).map(String)], { stdio: 'ignore' });
    if (error !== undefined) throw new NotInstalled('pmap', 'apt-get install -y procps', { cause: error });
    if (status !== 0) throw new Error(`pmap failed with ${String(status)}`);
  }
}

// Its own largest size, of which the kernel tells when it ends.
const PROGRAM = `await import(${JSON.stringify(CLI)}); process.stderr.write(String(process.resourceUsage().maxRSS));`;

/** @returns MiB that it has in memory at most */
function memoryOf(pids: readonly number[]): number {
  const args = ['--input-type=module', '-e', PROGRAM, '--', CLI, 'ps', ...pids.map(String)];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`hugepages ps failed: ${stderr}`);
  return Number(stderr) / 1024;
}

/** That it finds them all. */
function check(pids: readonly number[], holders: number): void {
  const { stdout } = spawnSync(process.execPath, [CLI, 'ps', '--json', ...pids.map(String)], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const found = (JSON.parse(stdout) as { processes: { total: number }[] }).processes.filter(({ total }) => total === PAGE_SIZE);
  if (found.length !== holders) throw new Error(`hugepages ps found ${String(found.length)} of ${String(holders)}`);
}
