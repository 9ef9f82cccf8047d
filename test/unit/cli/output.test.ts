/** Standard output that takes nothing. */
import { expect, it } from 'vitest';
import { CLI, startCli } from '../../support/cli.js';

it.each([
  ['is full', 'exec "$@" >/dev/full', { code: 1, stderr: expect.stringContaining('could not be written: ENOSPC') as string }],
  ['has lost its reader', '{ "$@"; echo "$?" >&2; } | true', { code: 0, stderr: '0\n' }],
])('that %s', async (_how, script, ended) => {
  const command = ['sh', '-c', script, 'sh', process.execPath, CLI];
  expect(await startCli(['status'], { command }).result).toMatchObject(ended);
});
