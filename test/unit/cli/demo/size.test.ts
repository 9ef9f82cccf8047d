import { describe, expect, it } from 'vitest';
import { checkFits, defaultDemoSize, parseDemoSize } from '../../../../lib/cli/demo/size.js';
import { usageMessage } from '../../../../lib/cli/usage.js';
import { GiB, MiB } from '../../../../lib/units.js';
import { errorOf } from '../../../support/thrown.js';

describe('defaultDemoSize', () => {
  it.each([
    [64 * GiB, GiB],
    [4 * GiB, GiB],
    [3 * GiB, 768 * MiB],
    [2.9 * GiB, 704 * MiB],
    [GiB, 256 * MiB],
    [100 * MiB, 256 * MiB],
  ])('of %d bytes available takes %d', (available, size) => {
    expect(defaultDemoSize(available)).toBe(size);
  });
});

describe('parseDemoSize', () => {
  it('reads a size', () => {
    expect(parseDemoSize('64MiB')).toBe(64 * MiB);
  });

  it.each(['1', '0', '-2MiB', 'much', '', '256TiB'])('blames the command line for %j', (text) => {
    expect(usageMessage(errorOf(() => parseDemoSize(text)), '')).toMatch(/^--size must be /);
  });
});

describe('checkFits', () => {
  it('counts the region, the Buffer beside it, and room for Node', () => {
    expect(() => {
      checkFits(256 * MiB, 576 * MiB, 0);
    }).not.toThrow();
    expect(() => {
      checkFits(256 * MiB, 575 * MiB, 0);
    }).toThrow(expect.objectContaining({ code: 'ERR_HUGEPAGES_NO_MEMORY', remedy: expect.stringContaining('--size') as string }) as Error);
  });

  it('does not count what the pool has already', () => {
    expect(() => {
      checkFits(256 * MiB, 320 * MiB, GiB);
    }).not.toThrow();
  });
});
