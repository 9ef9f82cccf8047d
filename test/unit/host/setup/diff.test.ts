import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLines, diffOf, unifiedDiff } from '../../../../lib/host/setup/diff.js';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 8 });

describe('diffLines', () => {
  it('holds both texts, whatever they are', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = diffLines(before, after);
        const side = (sign: string): string[] => diff.filter((line) => [' ', sign].includes(line.charAt(0))).map((line) => line.slice(1));
        expect([side('-'), side('+')]).toEqual([before, after]);
      }),
    );
  });

  it('keeps what is the same', () => {
    expect(diffLines(['a', 'b', 'c'], ['a', 'x', 'c', 'd'])).toEqual([' a', '-b', '+x', ' c', '+d']);
  });
});

describe('unifiedDiff', () => {
  it('names what is not there /dev/null', () => {
    expect(unifiedDiff('/etc/a', undefined, 'x\ny\n')).toBe('--- /dev/null\n+++ /etc/a\n@@ -0,0 +1,2 @@\n+x\n+y\n');
    expect(unifiedDiff('/etc/a', 'x\n', undefined)).toBe('--- /etc/a\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-x\n');
  });

  it('shows pages by node where there are several', () => {
    const pages = (before: string, after: string): unknown =>
      diffOf({ kind: 'pool-pages', path: '/p', before, after }).split('@@\n')[1];
    expect(pages('0:0', '8')).toBe('-0\n+8\n');
    expect(pages('0:4,1:4', '0:1,1:0')).toBe('-0:4,1:4\n+0:1,1:0\n');
    expect(pages('0:4,1:4', '9')).toBe('-8\n+9\n');
  });
});
