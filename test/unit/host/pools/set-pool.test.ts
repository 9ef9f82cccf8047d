import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setPool } from '../../../../lib/host/pools/set-pool.js';
import { MiB } from '../../../../lib/units.js';
import { TWO_NODES } from '../fixtures.js';

describe('setPool', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'hugepages-'));
    cpSync(TWO_NODES.root, root, { recursive: true });
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });
  const written = (): string => readFileSync(join(root, 'sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'), 'utf8');

  it('writes nr_hugepages and counts persistent pages', () => {
    const result = setPool({ pageSize: '2MiB', pages: 400 }, { root });
    expect(written()).toBe('400');
    // 44 pages of the tree are surplus, and a plain file does not turn them into persistent ones.
    expect(result).toEqual({ pageSize: 2 * MiB, requested: 400, before: 256, granted: 356 });
  });

  it('names the page sizes of the machine for one that it lacks', () => {
    expect(() => setPool({ pageSize: '4MiB', pages: 1 }, { root })).toThrow(
      expect.objectContaining({ code: 'ERR_HUGEPAGES_PAGE_SIZE', message: expect.stringContaining('2MiB, 1GiB') as string }) as Error,
    );
  });

  it('says what a machine without hugetlb needs', () => {
    rmSync(join(root, 'sys/kernel'), { recursive: true });
    expect(() => setPool({ pageSize: '2MiB', pages: 1 }, { root })).toThrow(
      expect.objectContaining({ code: 'ERR_HUGEPAGES_PAGE_SIZE', remedy: expect.stringContaining('CONFIG_HUGETLBFS') as string }) as Error,
    );
  });

  it.each([
    [{ pageSize: '2MiB', pages: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ pageSize: '2MiB', pages: 1.5 }, 'ERR_OUT_OF_RANGE'],
    [{ pageSize: '2MiB', pages: NaN }, 'ERR_OUT_OF_RANGE'],
    [{ pageSize: '2MiB', pages: '8' }, 'ERR_INVALID_ARG_TYPE'],
    [{ pageSize: {}, pages: 8 }, 'ERR_INVALID_ARG_TYPE'],
    [undefined, 'ERR_INVALID_ARG_TYPE'],
  ])('refuses %o before it writes', (change, code) => {
    const before = written();
    expect(() => setPool(change as never, { root })).toThrow(expect.objectContaining({ code }) as Error);
    expect(written()).toBe(before);
  });
});
