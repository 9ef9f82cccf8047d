/** wait(), waitSync() and notify() in one process: what each wait ends with, and that none holds up the event loop. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { Region, allocateSync } from '../../../lib/index.js';
import type { WaitResult } from '../../../lib/index.js';
import { BAD_NUMBERS, NOT_NUMBERS, expectArgumentError, isNoObject } from '../../support/hostile.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';

/** Wakes waiters when they are asleep. @returns how many in all */
async function wake(region: Region, offset: number, count: number): Promise<number> {
  let woken = 0;
  while (woken < count) {
    await delay(1);
    woken += region.notify(offset, count - woken);
  }
  return woken;
}

function small(shared: boolean): Region {
  return allocateSync({ size: BASE_PAGE, backing: ['base'], shared });
}

describe.each([
  ['private', false],
  ['shared', true],
])('waiting on a word of a %s region', (_, shared) => {
  it('ends at once when the word is another', async () => {
    using region = small(shared);
    region.view(Int32Array)[1] = -5;
    expect(await region.wait(4, 0)).toBe('not-equal');
    expect(region.waitSync(4, 0)).toBe('not-equal');
    expect(await region.wait(4, -5, { timeout: 0 })).toBe('timed-out');
    expect(region.waitSync(4, -5, { timeout: 0.5 })).toBe('timed-out');
  });

  it('takes a word as an Int32Array or a Uint32Array has it', async () => {
    using region = small(shared);
    for (const word of [-1, -(2 ** 31), 2 ** 31 - 1]) {
      region.view(Int32Array)[0] = word;
      for (const same of [word, word >>> 0]) {
        expect(await region.wait(0, same, { timeout: 0 })).toBe('timed-out');
        expect(region.waitSync(0, same, { timeout: 0 })).toBe('timed-out');
      }
    }
  });

  it('ends when it is woken, with the word as it was', async () => {
    using region = small(shared);
    const waiting = region.wait(0, 0);
    expect(await wake(region, 0, 1)).toBe(1);
    expect(await waiting).toBe('ok');
    expect(region.notify(0)).toBe(0);
  });

  it('ends after its time', async () => {
    using region = small(shared);
    expect(await region.wait(0, 0, { timeout: 5 })).toBe('timed-out');
    expect(region.waitSync(0, 0, { timeout: 5 })).toBe('timed-out');
    expect(region.notify(0)).toBe(0);
  });
});

describe('waiting on a region', () => {
  it('wakes as many as it is told, and only those of that word', async () => {
    using region = small(true);
    const ended: string[] = [];
    const waits = [0, 0, 0, 4].map(async (offset) => ended.push(`${String(offset)} ${await region.wait(offset, 0)}`));
    expect(await wake(region, 0, 2)).toBe(2);
    await Promise.race(waits);
    expect(region.notify(0, 0)).toBe(0);
    expect(await wake(region, 0, 1)).toBe(1);
    await Promise.all(waits.slice(0, 3));
    expect(ended).toEqual(['0 ok', '0 ok', '0 ok']);
    expect(await wake(region, 4, 1)).toBe(1);
    await Promise.all(waits);
  });

  it('can be done a thousand times at once, and keeps nobody else waiting', async () => {
    using region = small(true);
    const waits = Array.from({ length: 1000 }, () => region.wait(0, 0));
    await delay(1); // timers still run
    expect(await wake(region, 0, 1000)).toBe(1000);
    expect(new Set(await Promise.all(waits))).toEqual(new Set<WaitResult>(['ok']));
  });

  it('is aborted', async () => {
    using region = small(true);
    const { signal } = new AbortController();
    expect(await rejectionOf(region.wait(0, 0, { signal: AbortSignal.abort() }))).toMatchObject({ code: 'ABORT_ERR' });
    expect(await rejectionOf(region.wait(0, 0, { signal: AbortSignal.timeout(5) }))).toMatchObject({ name: 'AbortError' });
    expect(await region.wait(0, 0, { signal, timeout: 5 })).toBe('timed-out');
    expect(region.notify(0)).toBe(0);
  });

  it('ends when the region is disposed, and only then gives the pages back', async () => {
    const region = small(true);
    const waits = [region.wait(0, 0), region.wait(4, 0, { signal: new AbortController().signal })];
    region.dispose();
    for (const error of await Promise.all(waits.map(rejectionOf))) expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_DISPOSED' });
    expect(await rejectionOf(region.wait(0, 0))).toMatchObject({ code: 'ERR_HUGEPAGES_DISPOSED' });
    expect(errorOf(() => region.waitSync(0, 0))).toMatchObject({ code: 'ERR_HUGEPAGES_DISPOSED' });
    expect(errorOf(() => region.notify(0))).toMatchObject({ code: 'ERR_HUGEPAGES_DISPOSED' });
  });

  it('lets the event loop turn, however quickly it is answered', async () => {
    using region = small(true);
    const word = region.view(Int32Array);
    const program = new URL('children/answer.mjs', import.meta.url);
    const worker = new Worker(program, { workerData: region.share() });
    await once(worker, 'message');
    let turns = 0;
    const turned = (): void => { turns++; };
    for (let turn = 1; turns < 10; turn++) {
      setImmediate(turned);
      Atomics.store(word, 0, turn);
      region.notify(0);
      while (Atomics.load(word, 1) !== turn) await region.wait(4, turn - 1);
    }
    await worker.terminate(); // in the midst of waitSync()
  });

  it('on memory that cannot be had is an error, not a signal', async () => {
    using region = small(true);
    region.protect('none');
    const error = { code: 'ERR_HUGEPAGES_POPULATE', errno: -14, details: { offset: 8 } };
    expect(await rejectionOf(region.wait(8, 0))).toMatchObject(error);
    expect(errorOf(() => region.waitSync(8, 0))).toMatchObject(error);
    expect(errorOf(() => region.notify(8))).toMatchObject({ ...error, message: expect.stringContaining('Cannot notify') as string });
  });

  it('refuses wrong arguments', async () => {
    using region = small(true);
    const loose = region as unknown as Record<'wait' | 'waitSync' | 'notify', (...args: unknown[]) => unknown>;
    const rejected = async (...args: unknown[]): Promise<unknown> => rejectionOf(loose.wait(...args) as Promise<unknown>);
    const refused = async (value: unknown, ...args: unknown[]): Promise<void> => {
      expectArgumentError(await rejected(...args), value);
      expectArgumentError(errorOf(() => loose.waitSync(...args)), value);
    };
    const wrongNumbers = [...NOT_NUMBERS, ...BAD_NUMBERS];
    for (const value of [...wrongNumbers, undefined, 1, 2, BASE_PAGE - 3, BASE_PAGE]) {
      await refused(value, value, 0);
      expectArgumentError(errorOf(() => loose.notify(value)), value);
    }
    const wrongWords = wrongNumbers.filter((number) => number !== -1 && number !== -4096);
    for (const value of [...wrongWords, undefined, 2 ** 32, -(2 ** 31) - 1]) await refused(value, 0, value);
    for (const value of [...NOT_NUMBERS, NaN, -1, -Infinity]) await refused(value, 0, 0, { timeout: value });
    for (const value of [...NOT_NUMBERS.filter(isNoObject), 1, { tiemout: 1 }]) await refused(value, 0, 0, value);
    for (const value of NOT_NUMBERS) expectArgumentError(await rejected(0, 0, { signal: value }), value);
    const wrongCounts = wrongNumbers.filter((number) => number !== Infinity);
    for (const value of wrongCounts) expectArgumentError(errorOf(() => loose.notify(0, value)), value);
    expectArgumentError(errorOf(() => loose.waitSync(0, 0, { signal: new AbortController().signal })), 'signal');
  });

  const POOL = { pageSize: H, pages: 1 };
  requires({ pool: POOL }).describe('of a hugetlb page', () => {
    withPool(POOL);

    it('keeps the page until the wait has ended', async () => {
      const before = allCounters();
      const region = allocateSync({ size: H, backing: ['hugetlb'] });
      const waiting = region.wait(H - 4, 0);
      region.dispose();
      await rejectionOf(waiting);
      expect(delta(before)).toEqual({});
    });

    it('on a page that the pool lacks is an error, not a signal', async () => {
      using taken = allocateSync({ size: H, backing: ['hugetlb'] });
      using region = allocateSync({ size: H, backing: ['hugetlb'], reserve: false, shared: true, prefault: false });
      expect(taken.byteLength).toBe(H);
      expect(await rejectionOf(region.wait(0, 0))).toMatchObject({ code: 'ERR_HUGEPAGES_POPULATE', errno: -14 });
      expect(errorOf(() => region.notify(0))).toMatchObject({ code: 'ERR_HUGEPAGES_POPULATE', errno: -14 });
    });
  });
});
