/** The size of the package as npm would publish it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { bounded, figure } from '../support/measure.js';
import { QUICK } from '../support/quick.js';
import type { Section } from '../support/report.js';
import { inCheckout } from '../support/root.js';

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
}

export const tarballSection: Section = {
  name: 'tarball',
  measure: () => {
    // The size of one that is there will do for a quick run: it takes most of a minute.
    if (!QUICK || !existsSync(inCheckout('prebuilds'))) npm('run', 'build:prebuilds');
    // Without scripts: what they print would come before the JSON.
    const [packed] = JSON.parse(npm('pack', '--dry-run', '--json', '--ignore-scripts')) as [Packed];
    return Promise.resolve([
      bounded('packed tarball', 'MB', [packed.size / 1e6], { of: 'median', relation: '<', limit: 1 }, 'tarball'),
      figure('unpacked', 'MB', [packed.unpackedSize / 1e6]),
    ]);
  },
};

function npm(...args: string[]): string {
  const { status, stdout } = spawnSync('npm', args, { cwd: inCheckout('.'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed`);
  return stdout;
}
