/** `onProgress`: what it is told, and what may happen inside it. */
import { describe, expect, it } from 'vitest';
import { allocate, allocateSync } from '../../../lib/index.js';
import type { PrefaultProgress } from '../../../lib/index.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { TAKES_SECONDS } from '../../support/takes-seconds.mjs';
import { rejectionOf } from '../../support/thrown.js';

// Base pages take so long that there is progress on the way.
const SIZE = 512 * 2 ** 20;

function checkSequence(calls: readonly PrefaultProgress[], totalBytes: number): void {
  const populated = calls.map(({ populatedBytes }) => populatedBytes);
  expect(populated).toEqual([...populated].sort((a, b) => a - b));
  expect(populated.at(-1)).toBe(totalBytes);
  expect(populated.filter((bytes) => bytes === totalBytes)).toHaveLength(1);
  expect(calls.every((call) => call.totalBytes === totalBytes)).toBe(true);
}

describe('progress of a prefault', () => {
  it.each([1, 2])('rises to the total, on %i threads', async (threads) => {
    using region = allocateSync({ size: SIZE, backing: ['base'], prefault: false });
    const calls: PrefaultProgress[] = [];
    await region.prefault({ threads, onProgress: (progress) => calls.push(progress) });
    checkSequence(calls, SIZE);
    expect(calls.length).toBeGreaterThan(1);
  });

  it('is told at least once, before the promise is settled', async () => {
    const calls: PrefaultProgress[] = [];
    using region = await allocate({ size: H, backing: ['base'], prefault: { onProgress: (progress) => calls.push(progress) } });
    checkSequence(calls, region.byteLength);
  });

  it('is of the part that was asked for', async () => {
    using region = allocateSync({ size: 4 * H, backing: ['base'], prefault: false });
    const calls: PrefaultProgress[] = [];
    await region.prefault({ offset: H, length: 2 * H, onProgress: (progress) => calls.push(progress) });
    checkSequence(calls, 2 * H);
  });

  it('stops the prefault when its listener throws, which is what the promise rejects with', async () => {
    using region = allocateSync({ size: TAKES_SECONDS, backing: ['base'], prefault: false });
    const thrown = new Error('enough');
    let calls = 0;
    const onProgress = (): never => {
      calls++;
      throw thrown;
    };
    expect(await rejectionOf(region.prefault({ threads: 1, onProgress }))).toBe(thrown);
    expect(calls).toBe(1);
    expect(region.residency().presentBytes).toBeLessThan(TAKES_SECONDS);
  });

  it('may dispose the region', async () => {
    const region = allocateSync({ size: TAKES_SECONDS, backing: ['base'], prefault: false });
    const prefault = region.prefault({
      threads: 1,
      onProgress: () => {
        region.dispose();
      },
    });
    expect(await rejectionOf(prefault)).toMatchObject({ code: 'ERR_HUGEPAGES_DISPOSED' });
  });
});
