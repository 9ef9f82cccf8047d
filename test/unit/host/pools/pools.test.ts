import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDefaultPageSize, pool, pools } from '../../../../lib/host/pools/pools.js';
import { GiB, MiB } from '../../../../lib/units.js';
import { TWO_NODES } from '../fixtures.js';

describe('pools', () => {
  let empty = '';
  beforeEach(() => {
    empty = mkdtempSync(join(tmpdir(), 'hugepages-'));
  });
  afterEach(() => {
    rmSync(empty, { recursive: true });
  });

  it('is empty on a kernel without hugetlb', () => {
    expect(pools({ root: empty })).toEqual([]);
  });

  it('finds one pool by its page size', () => {
    expect(pool('1GiB', TWO_NODES)).toEqual(pools(TWO_NODES)[1]);
    expect(pool(4 * MiB, TWO_NODES)).toBeUndefined();
  });

  it('reads a counter that the kernel has brought below zero', () => {
    const directory = join(empty, 'sys/kernel/mm/hugepages/hugepages-2048kB');
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'resv_hugepages'), '18446744073709551613\n');
    expect(pool('2MiB', { root: empty })?.reserved).toBe(-3);
  });

  it('reports a file that cannot be read as a coded error with the file', () => {
    const file = join(empty, 'sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages');
    mkdirSync(file, { recursive: true });
    expect(() => pools({ root: empty })).toThrow(
      expect.objectContaining({ code: 'ERR_HUGEPAGES_SYSTEM', syscall: 'read', details: { file } }) as Error,
    );
  });

  it.each([
    [null, 'ERR_INVALID_ARG_TYPE'],
    [{ root: 5 }, 'ERR_INVALID_ARG_TYPE'],
  ])('refuses options %o', (options, code) => {
    expect(() => pools(options as never)).toThrow(expect.objectContaining({ code }) as Error);
  });
});

describe('parseDefaultPageSize', () => {
  it('reads Hugepagesize', () => {
    expect(parseDefaultPageSize('MemFree: 1 kB\nHugepagesize:    1048576 kB\n')).toBe(GiB);
  });

  it('is undefined where the kernel has none', () => {
    expect(parseDefaultPageSize('MemFree: 1 kB\n')).toBeUndefined();
  });
});
