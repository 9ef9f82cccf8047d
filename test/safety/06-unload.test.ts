/**
 * Rule 6: the addon is never unloaded. Node.js closes it when the only thread that loaded it ends; what still runs in it, or is called
 * later, would run in unmapped addresses. What happens then is in test/lifecycle/worker-only.test.ts.
 */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { ADDON } from '../support/addon.js';
import { findProgram } from '../support/programs.js';

const READELF = findProgram('readelf');

it.skipIf(READELF === undefined)(`rule 6: the addon is marked NODELETE${READELF === undefined ? ' [skipped: no readelf]' : ''}`, () => {
  const dynamic = execFileSync('readelf', ['--dynamic', '--wide', ADDON], { encoding: 'utf8' });
  expect(dynamic).toMatch(/\(FLAGS_1\).*\bNODELETE\b/);
});
