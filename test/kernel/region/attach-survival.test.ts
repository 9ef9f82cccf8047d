/** onExhaustion of regions that were attached or received: it is of that mapping, whatever the others are. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Region, allocateSync } from '../../../lib/index.js';
import type { AllocateSyncOptions, AttachOptions, DiscardResult, RegionToken } from '../../../lib/index.js';
import { runChild } from '../../support/child.js';
import { NOT_BOOLEANS, expectArgumentError, isNoObject } from '../../support/hostile.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPeer } from '../../support/peer.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf } from '../../support/thrown.js';

const DEGRADE = { onExhaustion: 'degrade' } as const;
const POOL = { pageSize: H, pages: 2 };

const memfd = (options: Partial<AllocateSyncOptions> = {}): Region =>
  allocateSync({ size: 2 * H, backing: ['hugetlb'], source: 'memfd', ...options });

const takePage = (): Region => allocateSync({ size: H, backing: ['hugetlb'] });

requires({ pool: POOL, program: 'truncate' }).describe('a file that is cut short under another process', () => {
  withPool(POOL);

  async function touch(region: Region, options: AttachOptions, way: 'attach' | 'receive'): Promise<Awaited<ReturnType<typeof runChild>>> {
    const socketPath = way === 'attach' ? null : join(tmpdir(), `hugepages-survival-${String(process.pid)}`);
    const program = new URL('children/survival/attached.mjs', import.meta.url);
    const ended = runChild(program, [region.share(), options, socketPath].map((value) => JSON.stringify(value)));
    if (socketPath !== null) await region.sendTo(socketPath);
    return ended;
  }

  it.each([
    ['attach', H, {}, 8],
    ['attach', BASE_PAGE, {}, 8],
    ['attach', H, { access: 'read' }, 0],
    ['receive', H, {}, 8],
  ] as const)('reads zeros there, and goes on: %s, pages of %i, %o', async (way, pageSize, access, last) => {
    using region = memfd({ size: 2 * pageSize, backing: [pageSize === H ? 'hugetlb' : 'base'] });
    region.bytes().fill(7);
    const { json, ...ended } = await touch(region, { ...DEGRADE, ...access }, way);
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: 'truncated 0\n' });
    const events = [{ offset: pageSize, length: pageSize, missed: 0 }];
    expect(json).toEqual({ before: 7, beyond: 0, last, degraded: { pages: 1, bytes: pageSize }, events });
    expect(region.degraded.pages).toBe(0);
  });

  it.each(['attach', 'receive'] as const)('ends the process without the option, also where the region has it: %s', async (way) => {
    using region = memfd(DEGRADE);
    expect(await touch(region, {}, way)).toMatchObject({ code: null, signal: 'SIGBUS', stderr: 'truncated 0\n' });
  });
});

requires({ pool: POOL }).describe('a hole that another process punched, when somebody has its page', () => {
  withPool(POOL);

  it('is made up for by a copy of this process alone, until that is discarded', () =>
    withPeer(async (peer) => {
      const before = allCounters();
      const region = memfd();
      const { id } = (await peer.ask('attach', region.share(), DEGRADE)) as Region;
      region.discard(H, H);
      const other = takePage();
      await peer.ask('write', id, H, 'theirs');
      expect(await peer.ask('degraded', id)).toEqual({ pages: 1, bytes: H });
      other.dispose();
      region.bytes(H).write('ours');
      expect(await peer.ask('read', id, H, 6)).toBe('theirs');
      expect(region.bytes(H, 4).toString()).toBe('ours');
      // Words of it are other words.
      const waiting = region.wait(H + 8, 0);
      expect(await peer.ask('notify', id, H + 8)).toBe(0);
      while (region.notify(H + 8) === 0) await new Promise(setImmediate);
      await waiting;
      expect(delta(before)).toEqual({ [H]: { free: -2 } });
      expect(((await peer.ask('discard', id, H, H)) as DiscardResult).freedBytes).toBe(H);
      expect(await peer.ask('degraded', id)).toEqual({ pages: 0, bytes: 0 });
      await peer.ask('dispose', id);
      region.dispose();
      expect(delta(before)).toEqual({});
    }));
});

requires({ pool: POOL }).describe('in the process that has the region', () => {
  withPool(POOL);

  it('is another mapping, and the same one where that has the option', () => {
    using region = memfd();
    using surviving = Region.attach(region.share(), DEGRADE);
    expect(surviving.id).not.toBe(region.id);
    using same = Region.attach(surviving.share(), DEGRADE);
    expect(same.id).toBe(surviving.id);
    using joined = Region.attach(surviving.share());
    expect(joined.id).toBe(surviving.id);
    region.discard(0, H);
    const other = takePage();
    surviving.bytes()[0] = 1;
    other.dispose();
    expect([region.bytes()[0], surviving.bytes()[0]]).toEqual([0, 1]);
    expect([region.degraded, surviving.degraded, same.degraded].map(({ pages }) => pages)).toEqual([0, 1, 1]);
  });

  it('cannot be had of what has no object, and is nothing to ask for where pages are never short', () => {
    using region = allocateSync({ size: H, backing: ['hugetlb'] });
    const error = errorOf(() => Region.attach(region.share(), DEGRADE));
    expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_TOKEN', remedy: expect.stringContaining("source: 'memfd'") as string });
    using base = allocateSync({ size: H, backing: ['base'] });
    using same = Region.attach(base.share(), DEGRADE);
    expect(same.id).toBe(base.id);
  });
});

describe('options of Region.attach()', () => {
  it('are checked', () => {
    using region = memfd({ backing: ['base'] });
    const attach = Region.attach as (token: RegionToken, options: unknown) => Region;
    const refused = (value: unknown, options: unknown): void => {
      expectArgumentError(errorOf(() => attach(region.share(), options)), value);
    };
    for (const value of [...NOT_BOOLEANS.filter(isNoObject), { timeout: 1 }]) refused(value, value);
    for (const name of ['access', 'onExhaustion']) for (const value of [...NOT_BOOLEANS, 'ignore']) refused(value, { [name]: value });
  });
});
