/** advise(): the kernel's flags on exactly the pages it is told, and its refusals as coded errors. */
import { describe, expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import type { Advice, Region } from '../../../lib/index.js';
import { mappingsOf } from '../../support/kernel-text.js';
import { presentBytes } from '../../support/page-frames.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf } from '../../support/thrown.js';

function flags({ address }: Region, offset: number): readonly string[] {
  return mappingsOf(address + BigInt(offset), 1)[0]?.flags ?? [];
}

describe('advice', () => {
  it.each([
    ['random', 'rr', 'normal'],
    ['sequential', 'sr', 'normal'],
    ['dontdump', 'dd', 'dodump'],
    ['dontfork', 'dc', 'dofork'],
  ] as const)('%s sets the flag %s on the part it is told, and %s takes it back', (advice, flag, undo) => {
    using region = allocateSync({ size: 8 * BASE_PAGE, backing: ['base'], onFork: 'inherit' });
    const before = flags(region, 0);
    expect(before).not.toContain(flag);
    region.advise(advice, 2 * BASE_PAGE, 4 * BASE_PAGE);
    expect([...flags(region, 2 * BASE_PAGE)].sort()).toEqual([...before, flag].sort());
    expect(flags(region, 0)).toEqual(before);
    expect(flags(region, 6 * BASE_PAGE)).toEqual(before);
    region.advise(undo);
    expect(flags(region, 2 * BASE_PAGE)).toEqual(before);
  });

  it('willneed and populate-read are taken, and the latter populates', () => {
    using region = allocateSync({ size: 8 * BASE_PAGE, backing: ['base'], prefault: false });
    region.advise('willneed');
    region.advise('populate-read', 0, 4 * BASE_PAGE);
    expect(presentBytes(region)).toBe(4 * BASE_PAGE);
  });

  it('never throws data away', () => {
    const fork: Advice[] = ['dontfork', 'dofork', 'dontdump', 'dodump'];
    const access: Advice[] = ['normal', 'random', 'sequential', 'willneed', 'cold', 'pageout', 'populate-read'];
    using region = allocateSync({ size: 2 * H, backing: ['base'] });
    region.bytes().fill(0x5a);
    for (const advice of [...fork, ...access]) region.advise(advice);
    expect(region.bytes().equals(Buffer.alloc(2 * H, 0x5a))).toBe(true);
  });

  it('that frees pages or poisons them has no name here', () => {
    using region = allocateSync({ size: BASE_PAGE, backing: ['base'] });
    const harmful = ['dontneed', 'free', 'remove', 'wipeonfork', 'hwpoison', 'soft-offline', 'guard-install'];
    for (const name of [...harmful, 'MADV_NORMAL', '', 'constructor']) {
      expect(errorOf(() => { region.advise(name as Advice); })).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
    }
  });

  const POOL = { pageSize: H, pages: 4 };
  requires({ pool: POOL }).describe('on hugetlb pages', () => {
    withPool(POOL);

    it.each(['cold', 'pageout', 'collapse'] as const)('%s is refused, and nothing has changed', (advice) => {
      using region = allocateSync({ size: 2 * H, backing: ['hugetlb'] });
      region.bytes().fill(0x5a);
      const before = allCounters();
      const refusal = errorOf(() => { region.advise(advice); });
      expect(refusal).toMatchObject({ code: 'ERR_HUGEPAGES_UNSUPPORTED', errno: -22, syscall: 'madvise' });
      expect(delta(before)).toEqual({});
      expect(region.bytes().equals(Buffer.alloc(2 * H, 0x5a))).toBe(true);
    });

    it('concerns whole huge pages', () => {
      using region = allocateSync({ size: 4 * H, backing: ['hugetlb'] });
      region.advise('dontdump', H, 2 * H);
      expect([0, H, 2 * H, 3 * H].map((offset) => flags(region, offset).includes('dd'))).toEqual([false, true, true, false]);
    });
  });
});
