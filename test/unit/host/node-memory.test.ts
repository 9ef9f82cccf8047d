import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { nodeMemory } from '../../../lib/index.js';
import { GiB, MiB } from '../../../lib/units.js';
import { BASE_PAGE } from '../../support/page-sizes.js';
import { requires } from '../../support/requirements.js';
import { fixture, TWO_NODES } from './fixtures.js';

function managedBytes(): number {
  const zones = readFileSync('/proc/zoneinfo', 'utf8').matchAll(/^ +managed +(\d+)$/gm);
  return Array.from(zones, ([, pages]) => Number(pages) * BASE_PAGE).reduce((sum, bytes) => sum + bytes, 0);
}

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

  // MemTotal of /proc/meminfo is more while a kernel that puts off initializing memory has not come to all of it.
  requires({ numa: true }).it('is, in all, what the kernel manages in its zones', async () => {
    await vi.waitFor(() => {
      const total = nodeMemory().reduce((sum, node) => sum + node.total, 0);
      expect(total).toBe(managedBytes());
    });
  });
});
