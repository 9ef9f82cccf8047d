/** Kinds of pages that cannot be measured are left out, and said. */
import { expect, it } from 'vitest';
import { benchFork, benchPrefault, benchShare } from '../../../lib/index.js';
import type { BenchResult } from '../../../lib/index.js';
import { GiB } from '../../../lib/units.js';
import { HUGE_PAGE } from '../../support/page-sizes.js';
import { requires } from '../../support/requirements.js';
import { withThp } from '../../support/thp.js';

const OPTIONS = { bytes: 2 * HUGE_PAGE, rounds: 1 };

function kindsOf({ figures }: BenchResult): Set<string | undefined> {
  return new Set(figures.map(({ backing }) => backing?.kind));
}

requires({ root: true, thp: true }).describe('without transparent huge pages', () => {
  withThp({ enabled: 'never' });

  it.each([
    ['prefault', benchPrefault],
    ['fork', benchFork],
  ])('%s takes no base pages for them', async (_, measure) => {
    const result = await measure(OPTIONS);
    expect(kindsOf(result)).not.toContain('thp');
    expect(result.notes).toContain('THP 2MiB: not measured, page faults give none where they are off: hugepages doctor');
  });
});

requires({ hugetlb: [GiB] }).describe('pages that are larger than what is measured', () => {
  it.each([
    ['fork', benchFork],
    ['share', benchShare],
  ])('%s has no pool grown for them', async (_, measure) => {
    const { notes } = await measure({ ...OPTIONS, growPools: true });
    expect(notes.filter((note) => note.startsWith('hugetlb 1GiB'))).toEqual(['hugetlb 1GiB: not measured, 4MiB are no whole pages']);
  });
});

it('share says why it has no transparent huge pages', async () => {
  const { notes } = await benchShare(OPTIONS);
  expect(notes.join('\n')).toContain('transparent_hugepage/shmem_enabled');
});
