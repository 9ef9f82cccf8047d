/** sendTo() and receive(): a region goes over a Unix socket. */
import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Region, allocateSync } from '../../../lib/index.js';
import type { ReceiveOptions } from '../../../lib/index.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPeer } from '../../support/peer.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { shareable, withSocketPlace } from '../../support/sharing.js';

const place = withSocketPlace();

describe('handing a region over', () => {
  it.each(['child_process', 'cluster', 'unrelated', 'worker thread'] as const)('works with a peer: %s', (relation) =>
    withPeer(async (peer) => {
      using region = shareable();
      region.bytes().write('ours');
      const [there] = (await Promise.all([peer.ask('receive', place.path), region.sendTo(place.path)])) as [Region, unknown];
      expect(there).toMatchObject({ byteLength: region.byteLength, pageSize: BASE_PAGE, source: 'memfd', shared: true });
      expect(await peer.ask('read', there.id, 0, 4)).toBe('ours');
      await peer.ask('write', there.id, 4, 'theirs');
      expect(region.bytes(4, 6).toString()).toBe('theirs');
      const [back] = await Promise.all([Region.receive(place.path), peer.ask('sendTo', there.id, place.path)]);
      region.dispose();
      expect(back.bytes(0, 10).toString()).toBe('ourstheirs');
      back.dispose();
    }, relation));

  it('works on an abstract socket, with a System V segment, and for reading only', async () => {
    const name = `\0${place.path}`;
    using region = shareable({ source: 'sysv' });
    region.bytes().write('read');
    const [received] = await Promise.all([Region.receive(name, { access: 'read' }), region.sendTo(name)]);
    expect(received.bytes(0, 4).toString()).toBe('read');
    received.dispose();
  });

  it('goes to many receivers and from many senders at once', async () => {
    using region = shareable();
    const paths = Array.from({ length: 20 }, (_, i) => `\0${place.path}.${String(i)}`);
    const all = await Promise.all(paths.flatMap((path) => [Region.receive(path), region.sendTo(path)]));
    for (const received of all) received?.dispose();
    // One after the other, each has a receiver of its own.
    const sent = Promise.all(paths.map(() => region.sendTo(place.path)));
    for (let left = paths.length; left > 0; left--) (await Region.receive(place.path)).dispose();
    await sent;
  });

  it('makes a socket for its user alone, from the first moment, and for all only where all are trusted', async () => {
    const modesOf = async (options: ReceiveOptions): Promise<number[]> => {
      const ended = Region.receive(place.path, { timeout: 50, ...options }).catch(() => true);
      const modes = new Set<number>();
      while ((await Promise.race([ended, delay(1)])) !== true) {
        const { mode } = statSync(place.path, { throwIfNoEntry: false }) ?? {};
        if (mode !== undefined) modes.add(mode & 0o777);
      }
      return [...modes];
    };
    expect(await modesOf({})).toEqual([0o600]);
    expect((await modesOf({ peer: 'any-user' })).at(-1)).toBe(0o666);
  });
});

const POOL = { pageSize: H, pages: 4 };
requires({ pool: POOL }).describe('handing hugetlb pages over', () => {
  withPool(POOL);

  it('takes no page, and gives them back when the last has gone, killed or not', () =>
    withPeer(async (peer) => {
      const before = allCounters();
      const region = allocateSync({ size: 4 * H, backing: ['hugetlb'], source: 'memfd' });
      await Promise.all([peer.ask('receive', place.path), region.sendTo(place.path)]);
      region.dispose();
      expect(delta(before)).toEqual({ [H]: { free: -4 } });
      await peer.end();
      expect(delta(before)).toEqual({});
    }));
});
