/** residency(): which parts are present, in runs of equal pages. */
import { describe, expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import type { Residency } from '../../../lib/index.js';
import { native } from '../../../lib/native.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf } from '../../support/thrown.js';

/** Runs of presence alone: frames that are not contiguous split what is otherwise one run. */
function presence({ runs }: Residency): [offset: number, length: number, present: boolean][] {
  const merged: [number, number, boolean][] = [];
  for (const { offset, length, present } of runs) {
    const last = merged.at(-1);
    if (last?.[2] === present) last[1] += length;
    else merged.push([offset, length, present]);
  }
  return merged;
}

describe('the residency of a region', () => {
  const { frameNumbers: frames } = native.features();

  it('is one absent run before anything is touched', () => {
    using region = allocateSync({ size: 4 * H, backing: ['base'], prefault: false });
    const softDirty = expect.any(Boolean) as boolean;
    expect(region.residency()).toEqual({
      runs: [{ offset: 0, length: 4 * H, pageSize: BASE_PAGE, present: false, swapped: false, softDirty, file: false, exclusive: false }],
      presentBytes: 0,
      absentBytes: 4 * H,
      frames,
    });
  });

  it('shows the pages that were touched', () => {
    using region = allocateSync({ size: 16 * BASE_PAGE, backing: ['base'], prefault: false });
    for (const page of [0, 5, 6, 15]) region.bytes()[page * BASE_PAGE] = 1;
    const residency = region.residency();
    expect(presence(residency)).toEqual([
      [0, BASE_PAGE, true],
      [BASE_PAGE, 4 * BASE_PAGE, false],
      [5 * BASE_PAGE, 2 * BASE_PAGE, true],
      [7 * BASE_PAGE, 8 * BASE_PAGE, false],
      [15 * BASE_PAGE, BASE_PAGE, true],
    ]);
    expect(residency).toMatchObject({ presentBytes: 4 * BASE_PAGE, absentBytes: 12 * BASE_PAGE });
    expect(residency.runs.every(({ present, exclusive, pageSize }) => exclusive === present && pageSize === BASE_PAGE)).toBe(true);
  });

  it('of a part keeps offsets from the start of the region', () => {
    using region = allocateSync({ size: 16 * BASE_PAGE, backing: ['base'], prefault: false });
    region.bytes()[5 * BASE_PAGE] = 1;
    expect(presence(region.residency(4 * BASE_PAGE, 3 * BASE_PAGE))).toEqual([
      [4 * BASE_PAGE, BASE_PAGE, false],
      [5 * BASE_PAGE, BASE_PAGE, true],
      [6 * BASE_PAGE, BASE_PAGE, false],
    ]);
    expect(region.residency(16 * BASE_PAGE)).toEqual({ runs: [], presentBytes: 0, absentBytes: 0, frames });
  });

  it('takes whole base pages only', () => {
    using region = allocateSync({ size: 4 * BASE_PAGE, backing: ['base'] });
    for (const [offset, length] of [[1], [0, 1], [0, 5 * BASE_PAGE], [5 * BASE_PAGE]] as [number, number?][]) {
      expect(errorOf(() => region.residency(offset, length))).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    }
  });

  it('leaves no gap and no overlap in a large region', () => {
    using region = allocateSync({ size: 128 * H, backing: ['base'], prefault: false });
    for (let offset = 0; offset < region.byteLength; offset += 7 * H + 3 * BASE_PAGE) region.bytes()[offset] = 1;
    let end = 0;
    for (const { offset, length } of region.residency().runs) {
      expect(offset).toBe(end);
      end += length;
    }
    expect(end).toBe(region.byteLength);
  });

  requires({ root: true }).it('has contiguous frames in each run, for root', () => {
    using region = allocateSync({ size: 4 * H, backing: ['base'] });
    const { runs, frames } = region.residency();
    expect(frames).toBe(true);
    const ends = runs.map(({ pfn, length }) => (pfn ?? 0n) + BigInt(length / BASE_PAGE));
    expect(runs.every(({ pfn }) => pfn !== undefined && pfn > 0n)).toBe(true);
    // A run ends where the next frame is elsewhere.
    expect(runs.slice(1).some(({ pfn }, i) => pfn === ends[i])).toBe(false);
  });

  const POOL = { pageSize: H, pages: 4 };
  requires({ pool: POOL }).describe('on hugetlb pages', () => {
    withPool(POOL);

    it('is in huge pages, present or not', () => {
      using region = allocateSync({ size: 4 * H, backing: ['hugetlb'], prefault: false });
      region.bytes()[2 * H] = 1;
      const residency = region.residency();
      expect(presence(residency)).toEqual([
        [0, 2 * H, false],
        [2 * H, H, true],
        [3 * H, H, false],
      ]);
      expect(residency.runs.map(({ pageSize }) => pageSize)).toEqual([H, H, H]);
      expect(residency.presentBytes).toBe(H);
    });
  });
});
