/** Programs that do nothing, with and without the package. */
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { bounded, figure } from '../support/measure.js';
import type { Section } from '../support/report.js';
import { inCheckout } from '../support/root.js';
import { inTurn } from '../support/rounds.js';

const ROUNDS = 41;

export const importSection: Section = {
  name: 'import',
  measure: async () => {
    const { nothing, module, hugepages } = await inTurn(ROUNDS, {
      nothing: () => run('-e', '0'),
      module: () => run('--input-type=module', '-e', '0'),
      hugepages: () => run('--input-type=module', '-e', "import 'hugepages'"),
    });
    const above = (base: readonly number[]): number[] => hugepages.map((milliseconds, round) => milliseconds - (base[round] ?? NaN));
    return [
      figure('node -e 0', 'ms', nothing),
      figure('node -e 0, as a module', 'ms', module),
      figure("node -e import 'hugepages'", 'ms', hugepages),
      bounded('  more than node -e 0', 'ms', above(nothing), { of: 'median', relation: '<', limit: 15 }),
      figure('  more than that as a module', 'ms', above(module)),
    ];
  },
};

/** @returns milliseconds of the life of a process */
function run(...args: string[]): number {
  const start = performance.now();
  // In the checkout the package's own name leads to dist/.
  const { status } = spawnSync(process.execPath, args, { cwd: inCheckout('.'), stdio: ['ignore', 'inherit', 'inherit'] });
  const milliseconds = performance.now() - start;
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed`);
  return milliseconds;
}
