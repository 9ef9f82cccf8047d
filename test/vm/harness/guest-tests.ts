/** Tests that run in a guest, reported as tests of the file that names them. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RESULTS, runInGuest } from './guest.js';
import type { Guest } from './guest.js';
import { obstacle } from './obstacle.js';
import type { Outcome } from './reporter.mjs';

const REPORTER = fileURLToPath(new URL('reporter.mjs', import.meta.url));
const PROGRAMS = new URL('../programs/', import.meta.url);

/**
 * Boots a guest and runs a program of `node:test` in it, right away: what tests there are is only known when they have run.
 *
 * @param program - a file of `programs/`
 */
export async function guestTests(guest: Guest, program: string): Promise<void> {
  const title = `Linux ${guest.kernel}, nodes of ${guest.nodes.join(', ')} MiB: ${program}`;
  const reason = obstacle(guest);
  if (reason !== undefined) {
    it.skip(`${title} [skipped: ${reason}]`);
    return;
  }
  const reporting = [`--test-reporter=${REPORTER}`, `--test-reporter-destination=${RESULTS}/tests`];
  const { code, stderr, files } = await runInGuest(guest, [...reporting, fileURLToPath(new URL(program, PROGRAMS))]);
  const outcomes = (files['tests'] ?? '').split('\n').filter(Boolean).map((line) => JSON.parse(line) as Outcome);
  describe(title, () => {
    for (const { name, error } of outcomes) {
      it(name, () => {
        if (error !== undefined) expect.fail(error);
      });
    }
    it('ends by itself', () => {
      const failed = outcomes.some(({ error }) => error !== undefined);
      expect({ code, stderr }).toEqual({ code: failed ? 1 : 0, stderr: '' });
      expect(outcomes).not.toEqual([]);
    });
  });
}
