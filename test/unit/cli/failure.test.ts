/** What is printed of errors, whatever names are in them. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { failureText } from '../../../lib/cli/failure.js';
import { HugePagesError } from '../../../lib/errors.js';
import { quote } from '../../../lib/host/mounts/request.js';

const PATH = '/m/a\nrm -rf \x1b[2J it\'s "so"';
const SHOWN = '/m/a\\012rm -rf \\033[2J it\'s "so"';

describe('a failure', () => {
  it('is one line, of which the command does what it should when pasted', () => {
    const error = new HugePagesError('ERR_HUGEPAGES_BUSY', `${PATH} is busy`, {
      errno: -16,
      syscall: 'umount2',
      remedy: `See who uses it: printf %s ${quote(PATH)}`,
    });
    const text = failureText(error);
    expect(text).not.toMatch(/\p{Cc}/u);
    expect(text.startsWith(`${SHOWN} is busy: umount2 failed with EBUSY. See who uses it: printf `)).toBe(true);
    expect(execFileSync('bash', ['-c', text.slice(text.indexOf('printf'))], { encoding: 'utf8' })).toBe(PATH);
  });

  it('has a line for each backing that was tried, and no other', () => {
    const attempts = ['hugetlb', 'base'].map((backing) => ({ backing, message: `not on ${PATH}` }));
    const error = new HugePagesError('ERR_HUGEPAGES_UNSUPPORTED', 'Cannot allocate', {
      remedy: 'Make a pool',
      lines: attempts.map(({ backing, message }) => `${backing}: ${message}`),
      details: { attempts: attempts as never },
    });
    expect(failureText(error)).toBe(`Cannot allocate. Make a pool\n  hugetlb: not on ${SHOWN}\n  base: not on ${SHOWN}`);
  });

  it('without any of that is its message', () => {
    expect(failureText(new HugePagesError('ERR_HUGEPAGES_SYSTEM', 'Failed'))).toBe('Failed');
    expect(failureText(Object.assign(new Error(`open ${PATH}`), { code: 'ENOENT' }))).toBe(`open ${SHOWN}`);
    expect(failureText('text')).toBe('text');
  });

  it('of this program is a stack', () => {
    expect(failureText(new Error('mistake'))).toMatch(/^Error: mistake\n {4}at /);
  });
});
