import { describe, expect, it } from 'vitest';
import { memoryState, nodeMemory } from '../../../lib/index.js';
import { GiB, MiB } from '../../../lib/units.js';
import { fixture, TWO_NODES } from './fixtures.js';

describe('nodeMemory', () => {
  it('is that of each node', () => {
    expect(nodeMemory(TWO_NODES)).toEqual([
      { node: 0, total: 32 * GiB, free: 8 * GiB, anonHugePages: 2 * GiB, shmemHugePages: 4 * MiB, fileHugePages: 0 },
      { node: 1, total: 32 * GiB, free: GiB, anonHugePages: 0, shmemHugePages: 0, fileHugePages: 24 * MiB },
    ]);
  });

  it('leaves out nodes of which there is nothing', () => {
    expect(nodeMemory(fixture('four-nodes'))).toEqual([]);
    expect(nodeMemory({ root: '/nonexistent' })).toEqual([]);
  });

  it('is, in all, the memory of the machine', () => {
    expect(nodeMemory().reduce((sum, { total }) => sum + total, 0)).toBe(memoryState().total);
  });
});
