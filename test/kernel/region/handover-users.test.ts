/** sendTo() and receive() between users: only where both trust whoever can reach the socket. */
import { chmodSync, existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Region } from '../../../lib/index.js';
import { BASE_PAGE } from '../../support/page-sizes.js';
import { withPeer } from '../../support/peer.js';
import { NOBODY, requires } from '../../support/requirements.js';
import { shareable, withSocketPlace } from '../../support/sharing.js';
import { rejectionOf } from '../../support/thrown.js';

const place = withSocketPlace();

requires({ ordinaryUser: true }).describe('a handover between users', () => {
  it('is refused, unless both trust whoever can reach the socket', () =>
    withPeer(
      async (peer) => {
        using region = shareable();
        const name = `\0${place.path}`;
        // They take root's; root does not take theirs.
        const [there] = (await Promise.all([peer.ask('receive', name), region.sendTo(name, { peer: 'any-user' })])) as [Region, unknown];
        const receiving = rejectionOf(Region.receive(name, { timeout: 200 }));
        const refused = { code: 'ERR_HUGEPAGES_REFUSED', message: expect.stringContaining('another user') as string };
        expect(await rejectionOf(peer.ask('sendTo', there.id, name))).toMatchObject(refused);
        expect(await receiving).toMatchObject({ code: 'ERR_HUGEPAGES_TIMEOUT', details: { turnedAway: 1 } });
        const theirs = peer.ask('receive', name, { timeout: 200 });
        await Promise.all([
          expect(rejectionOf(region.sendTo(name))).resolves.toMatchObject({ code: 'ERR_HUGEPAGES_PERMISSION' }),
          expect(rejectionOf(theirs)).resolves.toMatchObject({ code: 'ERR_HUGEPAGES_TIMEOUT' }),
        ]);
        const [back] = await Promise.all([Region.receive(name, { peer: 'any-user' }), peer.ask('sendTo', there.id, name)]);
        back.dispose();
      },
      'unrelated',
      NOBODY,
    ));

  it('over a socket file takes a receiver that trusts whoever can reach it', () =>
    withPeer(
      async (peer) => {
        chmodSync(place.directory, 0o755);
        const { id } = (await peer.ask('allocate', { size: BASE_PAGE, backing: ['base'], source: 'memfd' })) as Region;
        await peer.ask('write', id, 0, 'theirs');
        const receiving = rejectionOf(Region.receive(place.path, { timeout: 200 }));
        while (!existsSync(place.path)) await delay(1);
        const refused = { code: 'ERR_HUGEPAGES_PERMISSION', remedy: expect.stringContaining("peer: 'any-user'") as string };
        expect(await rejectionOf(peer.ask('sendTo', id, place.path))).toMatchObject({ ...refused, syscall: 'connect' });
        await receiving;
        const [received] = await Promise.all([
          Region.receive(place.path, { peer: 'any-user' }),
          peer.ask('sendTo', id, place.path, { peer: 'any-user' }),
        ]);
        expect(received.bytes(0, 6).toString()).toBe('theirs');
        received.dispose();
      },
      'unrelated',
      NOBODY,
    ));

  it('of a segment says what can be handed over instead, and the receiver hears of it', () =>
    withPeer(
      async (peer) => {
        using segment = shareable({ source: 'sysv' });
        const name = `\0${place.path}`;
        const theirs = rejectionOf(peer.ask('receive', name, { timeout: 200 }));
        const refused = { code: 'ERR_HUGEPAGES_REFUSED', remedy: expect.stringContaining("source: 'memfd'") as string };
        expect(await rejectionOf(segment.sendTo(name, { peer: 'any-user' }))).toMatchObject(refused);
        expect(await theirs).toMatchObject({ details: { turnedAway: 1, reason: 'it is a segment of another user' } });
      },
      'unrelated',
      NOBODY,
    ));
});
