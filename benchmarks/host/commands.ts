/** Commands that only look, beside a program that does nothing. */
import { bounded, figure } from '../support/measure.js';
import type { Section } from '../support/report.js';
import { inCheckout } from '../support/root.js';
import { inTurn, ratios } from '../support/rounds.js';
import { runNode } from '../support/node.js';

const ROUNDS = 41;
const CLI = inCheckout('dist/cli/main.js');

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
      figure('node -e 0', 'ms', nothing),
      figure('hugepages status', 'ms', status),
      bounded('  by node -e 0', '', ratios(status, nothing), { of: 'median', relation: '<', limit: 1.5 }),
      figure('hugepages doctor, by node -e 0', '', ratios(doctor, nothing)),
      figure('hugepages watch --count 1, by node -e 0', '', ratios(watch, nothing)),
    ];
  },
};
