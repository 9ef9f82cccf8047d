/** The pools of all nodes from a shell, beside `numastat -m`, and what that says of them. */
import { performance } from 'node:perf_hooks';
import { pools } from 'hugepages';
import { formatSize, GiB, MiB } from '../../lib/units.js';
import { poolInNumastat } from '../ps/outputs.js';
import { compared, figure } from '../support/measure.js';
import { runNode } from '../support/node.js';
import { withPages } from '../support/pages.js';
import { output } from '../support/programs.js';
import type { Section } from '../support/report.js';
import { inCheckout } from '../support/root.js';
import { inTurn } from '../support/rounds.js';

const ROUNDS = 21;
const PAGES = 64;
const CLI = inCheckout('dist/cli/main.js');

export const numastatSection: Section = {
  name: 'numastat -m',
  measure: () =>
    withPages(2 * MiB, PAGES, () =>
      withPages(GiB, 1, async () => {
        const samples = await inTurn(ROUNDS, { ours: () => runNode([CLI, 'status']), theirs: numastat });
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

/** @returns milliseconds */
function numastat(): number {
  const start = performance.now();
  said();
  return performance.now() - start;
}

/** @returns MiB */
function said(): number {
  return poolInNumastat(output('numactl', 'numastat', ['-m']));
}
