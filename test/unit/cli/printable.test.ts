/** Commands that are shown, pasted into a shell. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { pasteable } from '../../../lib/cli/printable.js';
import { quote } from '../../../lib/host/mounts/request.js';

describe('a command that is shown', () => {
  it.each(['/m/a\nb', "/m/it's\x1b[2J\t\u009b 0", '\n', '/m/$(a)\\012', '/m/a\n'])('does the same in bash with %j', (path) => {
    const shown = pasteable(`printf %s ${quote(path)}`);
    expect(shown).not.toMatch(/\p{Cc}/u);
    expect(execFileSync('bash', ['-c', shown], { encoding: 'utf8' })).toBe(path);
  });

  it('is left as it is where nothing has to be escaped', () => {
    expect(pasteable(`rm ${quote('/m/a b')}`)).toBe("rm '/m/a b'");
  });
});
