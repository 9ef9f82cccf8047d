/** Acceptance case 16: populating what cannot be populated is a coded error and no signal. */
import { describe, expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import type { BackingKind } from '../../../lib/index.js';
import { presentBytes } from '../../support/page-frames.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { rejectionOf } from '../../support/thrown.js';

/** Protects the second half of an empty region and populates all of it. */
async function checkProtected(backing: BackingKind): Promise<void> {
  using region = allocateSync({ size: 4 * H, backing: [backing], prefault: false });
  for (const mode of ['read', 'none'] as const) {
    region.protect(mode, 2 * H);
    const error = await rejectionOf(region.prefault({ threads: 1 }));
    const remedy = expect.stringContaining('protect') as string;
    expect(error).toMatchObject({ name: 'HugePagesError', code: 'ERR_HUGEPAGES_POPULATE', remedy });
    // The error counts what page tables hold, whatever was reached before the failure.
    expect(error).toMatchObject({ details: { populatedBytes: presentBytes(region), requestedBytes: 4 * H } });
    expect(presentBytes({ address: region.address + BigInt(2 * H), byteLength: 2 * H })).toBe(0);
  }
  // The part that may be written was not harmed, and the other is usable again.
  region.protect('read-write');
  await expect(region.prefault()).resolves.toMatchObject({ populatedBytes: 4 * H });
  expect(presentBytes(region)).toBe(4 * H);
  region.bytes().fill(1);
}

describe('prefault of a part that forbids writing', () => {
  it('rejects on base pages', () => checkProtected('base'));

  requires({ thp: true }).it('rejects on transparent huge pages', () => checkProtected('thp'));

  const POOL = { pageSize: H, pages: 4 };
  requires({ pool: POOL }).describe('with a pool', () => {
    withPool(POOL);
    it('rejects on hugetlb pages', () => checkProtected('hugetlb'));
  });
});
