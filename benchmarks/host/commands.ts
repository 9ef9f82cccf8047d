/** Commands that only look, beside a program that does nothing. */
import { compared, figure } from '../support/measure.js';
import type { Section } from '../support/report.js';
import { inTurn } from '../support/rounds.js';
import { CLI, runNode } from '../support/node.js';

const ROUNDS = 41;
const PEER = 'node -e 0';

export const commandsSection: Section = {
  name: 'commands',
  measure: async () => {
    const { nothing, status, doctor, watch } = await inTurn(ROUNDS, {
      nothing: () => runNode(['-e', '0']),
      status: () => runNode([CLI, 'status']),
      // 1: this machine has a problem.
      doctor: () => runNode([CLI, 'doctor'], [0, 1]),
      watch: () => runNode([CLI, 'watch', '--count', '1']),
    });
    return [
      figure(PEER, 'ms', nothing),
      figure('hugepages status', 'ms', status),
      compared('hugepages status', PEER, { ours: status, theirs: nothing }, { atLeast: 1 / 1.5, claim: 'status' }),
      compared('hugepages doctor', PEER, { ours: doctor, theirs: nothing }),
      compared('hugepages watch --count 1', PEER, { ours: watch, theirs: nothing }),
    ];
  },
};
