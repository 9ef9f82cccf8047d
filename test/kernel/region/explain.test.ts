/** What explain() tells people to paste is what makes the allocation succeed. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { allocateSync, explain } from '../../../lib/index.js';
import type { AllocateOptions } from '../../../lib/index.js';
import { allCounters, delta, setPages, withPool } from '../../support/pool.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { requires } from '../../support/requirements.js';
import { withThp } from '../../support/thp.js';
import { segments } from '../../support/segments.js';
import { errorOf } from '../../support/thrown.js';

const KEY = 0x68756765;
const POOL = { pageSize: H, pages: 3 };

function onlyReason(options: AllocateOptions): { code: string; command: string } {
  const { possible, candidates } = explain(options);
  expect(possible).toBe(false);
  expect(candidates).toMatchObject([{ reasons: [{ remedy: { needsRoot: true } }] }]);
  const [reason] = candidates[0]?.reasons ?? [];
  return { code: reason?.code ?? '', command: reason?.remedy?.command ?? '' };
}

describe('explain()', () => {
  it('changes and maps nothing', () => {
    const before = allCounters();
    explain({ size: 2 * H });
    expect(delta(before)).toEqual({});
  });

  it('checks its options as allocate() does', () => {
    expect(errorOf(() => explain({ size: 0 }))).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    expect(errorOf(() => explain({ size: H, strict: true } as AllocateOptions))).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    expect(errorOf(() => explain({ size: H }, { rooot: '/' } as object))).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    expect(errorOf(() => explain({ size: H }, { root: 1 } as object))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });

  it('says of a size of the whole address space that there is no room', () => {
    const codes = explain({ size: 2 ** 47, backing: ['base'], prefault: false }).candidates[0]?.reasons.map(({ code }) => code);
    expect(codes?.[0]).toBe('address-space');
  });

  requires({ root: true, pool: POOL }).describe('with a pool that is too small', () => {
    withPool(POOL);

    it.each([true, false])('has a command that mends it, reserve: %j', (reserve) => {
      const options = { size: 5 * H, backing: ['hugetlb'], reserve } as const;
      const { code, command } = onlyReason(options);
      expect(code).toBe('pool-too-small');
      try {
        execFileSync('sh', ['-c', command], { stdio: 'pipe' });
        expect(explain(options)).toMatchObject({ possible: true, backing: { kind: 'hugetlb', pageSize: H } });
        allocateSync(options).dispose();
      } finally {
        setPages(H, POOL.pages);
      }
    });

    it.each(['thp', 'base'] as const)('knows that a segment of hugetlb pages cannot be adopted with backing %s', (kind) => {
      const options = { size: H, source: 'sysv', key: KEY, persistent: true, existing: 'adopt', backing: [kind] } as const;
      using made = allocateSync({ ...options, backing: ['hugetlb'] });
      try {
        expect(explain({ ...options, backing: [made.backing.kind] })).toMatchObject({ possible: true });
        const reasons = [{ step: 'make', code: 'other-page-size', details: { pageSize: H } }];
        expect(explain(options).candidates).toMatchObject([{ possible: false, reasons }]);
        expect(errorOf(() => allocateSync(options))).toMatchObject({ code: 'ERR_HUGEPAGES_MISMATCH' });
        expect(segments()).toMatchObject([{ key: KEY, attached: 1 }]);
      } finally {
        for (const { id } of segments()) execFileSync('ipcrm', ['-m', String(id)]);
      }
    });

    it('names what this process holds itself', () => {
      using held = allocateSync({ size: 2 * H, backing: ['hugetlb'] });
      expect(held.disposed).toBe(false);
      const [reason] = explain({ size: 2 * H, backing: ['hugetlb'] }).candidates[0]?.reasons ?? [];
      expect(reason?.message).toMatch(/2 pages needed, 1 to be had [^]*this process holds 1 undisposed region of 4MiB/);
    });
  });

  requires({ root: true, thp: true }).describe('without transparent huge pages', () => {
    withThp({ enabled: 'never', shmem_enabled: 'deny' });

    it.each([
      ['private', { shared: false, prefault: false }],
      ['shared', { shared: true }],
    ])('has a command that mends it: %s', (_, how) => {
      const options = { size: H, backing: ['thp'], ...how } as const;
      const { code, command } = onlyReason(options);
      expect(code).toBe('thp-off');
      expect(errorOf(() => allocateSync(options))).toMatchObject({ code: 'ERR_HUGEPAGES_UNSUPPORTED', details: { command } });
      execFileSync('sh', ['-c', command], { stdio: 'pipe' });
      allocateSync(options).dispose();
    });
  });
});
