import { beforeEach, describe, expect, it } from 'vitest';
import { showProgress } from '../../../lib/cli/progress.js';

describe('showProgress', () => {
  let written = '';
  const write = (text: string): void => {
    written += text;
  };
  beforeEach(() => {
    written = '';
  });

  it('rewrites one line on a terminal', () => {
    const progress = showProgress({ isTTY: true, write }, 8);
    progress.update(4);
    progress.update(8);
    progress.end();
    expect(written).toMatch(/^\r {2}\[█{20} {20}\] {2}50% of 8B\r {2}\[█{40}\] 100% of 8B\n$/);
  });

  it('leaves no empty line when nothing was shown', () => {
    showProgress({ isTTY: true, write }, 8).end();
    expect(written).toBe('');
  });

  it('writes a line for each quarter elsewhere', () => {
    const progress = showProgress({ write }, 100);
    for (let done = 0; done <= 100; done++) progress.update(done);
    progress.end();
    expect(written).toBe('  [█   ]  25% of 100B\n  [██  ]  50% of 100B\n  [███ ]  75% of 100B\n  [████] 100% of 100B\n');
  });
});
