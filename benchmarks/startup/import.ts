/** Programs that do nothing, with and without the package. */
import { bounded, figure } from '../support/measure.js';
import { runNode } from '../support/node.js';
import type { Section } from '../support/report.js';
import { inTurn } from '../support/rounds.js';

const ROUNDS = 41;

export const importSection: Section = {
  name: 'import',
  measure: async () => {
    const { nothing, module, hugepages } = await inTurn(ROUNDS, {
      nothing: () => runNode(['-e', '0']),
      module: () => runNode(['--input-type=module', '-e', '0']),
      hugepages: () => runNode(['--input-type=module', '-e', "import 'hugepages'"]),
    });
    const above = (base: readonly number[]): number[] => hugepages.map((milliseconds, round) => milliseconds - (base[round] ?? NaN));
    return [
      figure('node -e 0', 'ms', nothing),
      figure('node -e 0, as a module', 'ms', module),
      figure("node -e import 'hugepages'", 'ms', hugepages),
      bounded('  more than node -e 0', 'ms', above(nothing), { of: 'median', relation: '<', limit: 15 }, 'import'),
      figure('  more than that as a module', 'ms', above(module)),
    ];
  },
};
