import { describe, expect, it } from 'vitest';
import { parseChoice, thp } from '../../../lib/host/thp.js';

describe('thp', () => {
  it('leaves undefined what the kernel does not have', () => {
    expect(thp({ root: '/nonexistent' })).toEqual({
      enabled: undefined,
      defrag: undefined,
      shmem: undefined,
      pmdSize: undefined,
      khugepagedDefrag: undefined,
      processEnabled: undefined,
    });
  });
});

describe('parseChoice', () => {
  it.each([
    ['always [madvise] never', 'madvise'],
    ['always defer [defer+madvise] madvise never', 'defer+madvise'],
    ['never', undefined],
    ['', undefined],
  ])('%s → %s', (text, choice) => {
    expect(parseChoice(text)).toBe(choice);
  });
});
