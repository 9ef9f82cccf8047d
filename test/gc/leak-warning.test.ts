/** A region that was collected without dispose() is reported, with the place where it was made. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { runChild } from '../support/child.js';

interface Warning {
  readonly name: string;
  readonly message: string;
}

const CHILD = new URL('children/leaks.mjs', import.meta.url);

/** `/.../leaks.mjs:12` for the line that ends in a comment. */
function place(comment: string): string {
  const line = readFileSync(CHILD, 'utf8')
    .split('\n')
    .findIndex((text) => text.endsWith(`// ${comment}`));
  expect(line).toBeGreaterThan(0);
  return `${fileURLToPath(CHILD)}:${String(line + 1)}`;
}

describe('the leak warning', () => {
  let warnings: Warning[] = [];
  let stderr = '';
  beforeAll(async () => {
    const ended = await runChild(CHILD, [], { nodeArgs: ['--expose-gc'] });
    expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
    warnings = ended.json as Warning[];
    stderr = ended.stderr;
  });

  it.each([
    ['leak: sync', '4KiB'],
    ['leak: async', '4KiB'],
    ['leak: attached', '4KiB'],
    ['leak: resized', '8KiB'],
  ])('names the place, once: %s, %s', (comment, size) => {
    const named = warnings.filter(({ message }) => message.includes(`${place(comment)}:`));
    expect(named).toHaveLength(1);
    expect(named[0]).toMatchObject({ name: 'HugePagesLeakWarning', message: expect.stringMatching(`^A region of ${size} `) as string });
  });

  it('begins at that place, without frames of the library', () => {
    for (const { message } of warnings) {
      const frames = message.split('\n').filter((line) => line.trimStart().startsWith('at '));
      expect(frames[0]).toContain(fileURLToPath(CHILD));
      expect(message).not.toContain('dist/');
    }
  });

  it('comes for nothing else', () => {
    expect(warnings).toHaveLength(4);
  });

  it('is on standard error without a listener of its own', () => {
    expect(stderr.match(/HugePagesLeakWarning/g)).toHaveLength(4);
  });
});
