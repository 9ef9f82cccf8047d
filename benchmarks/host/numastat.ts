/** The pools of all nodes from a shell, beside `numastat -m`, and what that says of them. */
import { pools } from 'hugepages';
import { formatSize, GiB, MiB } from '../../lib/units.js';
import { poolInNumastat } from '../ps/outputs.js';
import { compared, figure } from '../support/measure.js';
import { CLI, runNode } from '../support/node.js';
import { withPages } from '../support/pages.js';
import { output } from '../support/programs.js';
import type { Section } from '../support/report.js';
import { inTurn } from '../support/rounds.js';
import { timed } from '../support/timed.js';

const ROUNDS = 21;
const PAGES = 64;

export const numastatSection: Section = {
  name: 'numastat -m',
  measure: () =>
    withPages(2 * MiB, PAGES, () =>
      withPages(GiB, 1, async () => {
        const samples = await inTurn(ROUNDS, { ours: () => runNode([CLI, 'status']), theirs: () => timed(said) });
        const there = pools().reduce((bytes, { pageSize, total }) => bytes + pageSize * total, 0);
        const what = 'the pools of all nodes, hugepages status';
        return [
          figure(what, 'ms', samples.ours),
          compared(what, 'numastat -m', samples),
          figure(`  of ${formatSize(there)} in all pools, numastat -m says`, 'MiB', [said()]),
        ];
      }),
    ),
};

/** @returns MiB */
function said(): number {
  return poolInNumastat(output('numactl', 'numastat', ['-m']));
}
