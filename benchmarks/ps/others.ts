/** `hugepages ps` from a shell beside other tools that are asked the same of the same processes, and what they answer. */
import { formatSize, GiB, MiB } from '../../lib/units.js';
import { compared, figure } from '../support/measure.js';
import type { Finding } from '../support/measure.js';
import { CLI, runNode } from '../support/node.js';
import { withPages } from '../support/pages.js';
import type { Section } from '../support/report.js';
import { inTurn } from '../support/rounds.js';
import { timed } from '../support/timed.js';
import { withCrowd } from './crowd.js';
import { TOOLS } from './tools.js';
import type { Tool } from './tools.js';

const ROUNDS = 7;

interface State {
  readonly processes: number;
  /** With a page each. */
  readonly holders: number;
  /** Bytes. */
  readonly pageSize: number;
}

const STATES: readonly State[] = [
  { processes: 100, holders: 50, pageSize: 2 * MiB },
  { processes: 1, holders: 1, pageSize: GiB },
];

export function otherToolsSections(): Section[] {
  return STATES.flatMap((state) =>
    TOOLS.map((tool) => ({
      name: `${tool.name} of ${describe(state)}`,
      measure: () =>
        withPages(state.pageSize, state.holders, () =>
          withCrowd(state.processes, state.holders, state.pageSize, (pids) => beside(state, tool, pids.map(String))),
        ),
    })),
  );
}

async function beside(state: State, { name, claim, says }: Tool, pids: string[]): Promise<Finding[]> {
  let said = says(pids);
  const samples = await inTurn(ROUNDS, {
    ours: () => runNode([CLI, 'ps', ...pids]),
    theirs: () =>
      timed(() => {
        said = says(pids);
      }),
  });
  const what = `hugepages ps of ${describe(state)}`;
  return [
    figure(what, 'ms', samples.ours),
    compared(what, name, samples, { claim: state.processes === 1 ? 'ps of one' : claim }),
    figure(`  of ${formatSize(state.holders * state.pageSize)} there, ${name} says`, 'MiB', [said]),
  ];
}

function describe({ processes, holders, pageSize }: State): string {
  const held = `${formatSize(pageSize)} page`;
  return processes === 1 ? `a process with a ${held}` : `${String(processes)} processes, ${String(holders)} with a ${held}`;
}
