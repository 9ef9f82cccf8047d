/** Texts of others that are shown, and commands pasted into a shell. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { pasteable, printable } from '../../../lib/cli/printable.js';
import { pathBytes } from '../../../lib/host/byte-names.js';
import { quote } from '../../../lib/host/mounts/request.js';

describe('a command that is shown', () => {
  const paths = ['/m/a\nb', "/m/it's\x1b[2J\t\u009b 0", '\n', '/m/$(a)\\012', '/m/a\n', "/m/'\udcff\n\udc801"];

  it.each(paths)('does the same in bash with %j', (path) => {
    const shown = pasteable(`printf %s ${quote(path)}`);
    expect(shown).not.toMatch(/\p{Cc}|\p{Cs}/u);
    expect(execFileSync('bash', ['-c', shown])).toEqual(Buffer.from(pathBytes(path)));
  });

  it('has the bytes of a path that are no characters as octal numbers', () => {
    expect(printable('/m/ü\u009b\udcff\x1b')).toBe('/m/ü\\302\\233\\377\\033');
  });

  it('is left as it is where nothing has to be escaped', () => {
    expect(pasteable(`rm ${quote('/m/a b')}`)).toBe("rm '/m/a b'");
  });
});
