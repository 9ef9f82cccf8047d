/** An aborted prefault stops on the way, and an aborted allocation leaves nothing behind. */
import { describe, expect, it } from 'vitest';
import { allocate, allocateSync } from '../../../lib/index.js';
import { statusBytes } from '../../support/kernel-text.js';
import { presentBytes } from '../../support/page-frames.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { TAKES_SECONDS } from '../../support/takes-seconds.mjs';
import { rejectionOf } from '../../support/thrown.js';

const PART = 256 * 2 ** 20;
const REASON = new Error('changed my mind');
const ABORTED = { name: 'AbortError', code: 'ABORT_ERR', cause: REASON };

describe('aborting a prefault', () => {
  it('before it starts populates nothing', async () => {
    using region = allocateSync({ size: 4 * H, backing: ['base'], prefault: false });
    const error = await rejectionOf(region.prefault({ signal: AbortSignal.abort(REASON) }));
    expect(error).toMatchObject(ABORTED);
    expect(error).toBeInstanceOf(Error);
    expect(presentBytes(region)).toBe(0);
  });

  it('on the way stops it, and it can be resumed', async () => {
    using region = allocateSync({ size: TAKES_SECONDS, backing: ['base'], prefault: false });
    const controller = new AbortController();
    const prefault = region.prefault({
      threads: 1,
      signal: controller.signal,
      onProgress: () => {
        controller.abort(REASON);
      },
    });
    expect(await rejectionOf(prefault)).toMatchObject(ABORTED);
    expect(presentBytes(region)).toBeGreaterThan(0);
    expect(presentBytes(region)).toBeLessThan(TAKES_SECONDS);
    await expect(region.prefault({ length: PART })).resolves.toMatchObject({ populatedBytes: PART });
  });

  it('right after its start stops it', async () => {
    using region = allocateSync({ size: TAKES_SECONDS, backing: ['base'], prefault: false });
    const controller = new AbortController();
    const prefault = region.prefault({ threads: 2, signal: controller.signal });
    controller.abort(REASON);
    expect(await rejectionOf(prefault)).toMatchObject(ABORTED);
    expect(presentBytes(region)).toBeLessThan(TAKES_SECONDS);
  });

  it('after its end changes nothing', async () => {
    using region = allocateSync({ size: H, backing: ['base'], prefault: false });
    const controller = new AbortController();
    await expect(region.prefault({ signal: controller.signal })).resolves.toMatchObject({ populatedBytes: H });
    controller.abort(REASON);
    expect(presentBytes(region)).toBe(H);
  });

  it('concerns only the prefault that has the signal', async () => {
    using region = allocateSync({ size: TAKES_SECONDS, backing: ['base'], prefault: false });
    const controller = new AbortController();
    const aborted = region.prefault({ threads: 1, signal: controller.signal });
    const other = region.prefault({ offset: TAKES_SECONDS - PART, length: PART, threads: 1 });
    controller.abort(REASON);
    expect(await rejectionOf(aborted)).toMatchObject(ABORTED);
    await expect(other).resolves.toMatchObject({ populatedBytes: PART });
  });

  it('rejects with the default reason as well', async () => {
    using region = allocateSync({ size: H, backing: ['base'], prefault: false });
    const error = await rejectionOf(region.prefault({ signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: { name: 'AbortError' } });
  });
});

describe('aborting an allocation', () => {
  it('gives back memory and addresses', async () => {
    const addresses = statusBytes('VmSize');
    const resident = statusBytes('VmRSS');
    for (let i = 0; i < 4; i++) {
      const controller = new AbortController();
      const onProgress = (): void => {
        controller.abort(REASON);
      };
      const prefault = { threads: 1, signal: controller.signal, onProgress };
      expect(await rejectionOf(allocate({ size: TAKES_SECONDS, backing: ['base'], prefault }))).toMatchObject(ABORTED);
    }
    expect(statusBytes('VmSize') - addresses).toBeLessThan(TAKES_SECONDS);
    expect(statusBytes('VmRSS') - resident).toBeLessThan(TAKES_SECONDS / 4);
  });

  it('does not go on to the next backing', async () => {
    const error = await rejectionOf(allocate({ size: H, prefault: { signal: AbortSignal.abort(REASON) } }));
    expect(error).toMatchObject(ABORTED);
  });

  const POOL = { pageSize: H, pages: 128 };
  requires({ pool: POOL }).describe('on hugetlb pages', () => {
    withPool(POOL);

    it('gives all pages back by the time the promise is settled', async () => {
      const before = allCounters();
      for (let i = 0; i < 20; i++) {
        const controller = new AbortController();
        const allocation = allocate({ size: 128 * H, backing: ['hugetlb'], prefault: { threads: 1, signal: controller.signal } });
        controller.abort(REASON);
        expect(await rejectionOf(allocation)).toMatchObject(ABORTED);
        expect(delta(before)).toEqual({});
      }
    });
  });
});
