/** sendTo() and receive(): a region goes over a Unix socket, and whoever comes with anything else does not hold it up. */
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Region, allocateSync } from '../../../lib/index.js';
import type { AllocateSyncOptions, ReceiveOptions } from '../../../lib/index.js';
import { NOT_BOOLEANS, expectArgumentError, isNoObject } from '../../support/hostile.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { Peer, withPeer } from '../../support/peer.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { NOBODY, requires } from '../../support/requirements.js';
import { rejectionOf } from '../../support/thrown.js';

let directory = '';
let socketPath = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hugepages-handover-'));
  socketPath = join(directory, 'socket');
});
afterEach(() => {
  expect(existsSync(socketPath)).toBe(false);
  rmSync(directory, { recursive: true });
});

function base(options: Partial<AllocateSyncOptions> = {}): Region {
  return allocateSync({ size: 2 * BASE_PAGE, backing: ['base'], source: 'memfd', ...options });
}

/** A socket that is connected as soon as somebody listens. */
async function connectTo(path: string): Promise<Socket> {
  for (;;) {
    const socket = connect(path);
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    if (connected) return socket.on('error', () => undefined);
    await delay(1);
  }
}

describe('handing a region over', () => {
  it.each(['child_process', 'cluster', 'unrelated', 'worker thread'] as const)('works with a peer: %s', (relation) =>
    withPeer(async (peer) => {
      using region = base();
      region.bytes().write('ours');
      const [there] = (await Promise.all([peer.ask('receive', socketPath), region.sendTo(socketPath)])) as [Region, unknown];
      expect(there).toMatchObject({ byteLength: region.byteLength, pageSize: BASE_PAGE, source: 'memfd', shared: true });
      expect(await peer.ask('read', there.id, 0, 4)).toBe('ours');
      await peer.ask('write', there.id, 4, 'theirs');
      expect(region.bytes(4, 6).toString()).toBe('theirs');
      const [back] = await Promise.all([Region.receive(socketPath), peer.ask('sendTo', there.id, socketPath)]);
      region.dispose();
      expect(back.bytes(0, 10).toString()).toBe('ourstheirs');
      back.dispose();
    }, relation));

  it('works on an abstract socket, with a System V segment, and for reading only', async () => {
    const name = `\0${socketPath}`;
    using region = base({ source: 'sysv' });
    region.bytes().write('read');
    const [received] = await Promise.all([Region.receive(name, { access: 'read' }), region.sendTo(name)]);
    expect(received.bytes(0, 4).toString()).toBe('read');
    received.dispose();
  });

  it('goes to many receivers and from many senders at once', async () => {
    using region = base();
    const paths = Array.from({ length: 20 }, (_, i) => `\0${socketPath}.${String(i)}`);
    const all = await Promise.all(paths.flatMap((path) => [Region.receive(path), region.sendTo(path)]));
    for (const received of all) received?.dispose();
    // One after the other, each has a receiver of its own.
    const sent = Promise.all(paths.map(() => region.sendTo(socketPath)));
    for (let left = paths.length; left > 0; left--) (await Region.receive(socketPath)).dispose();
    await sent;
  });

  it('makes a socket for its user alone, from the first moment, and for all only where all are trusted', async () => {
    const modesOf = async (options: ReceiveOptions): Promise<number[]> => {
      const ended = Region.receive(socketPath, { timeout: 50, ...options }).catch(() => true);
      const modes = new Set<number>();
      while ((await Promise.race([ended, delay(1)])) !== true) {
        const { mode } = statSync(socketPath, { throwIfNoEntry: false }) ?? {};
        if (mode !== undefined) modes.add(mode & 0o777);
      }
      return [...modes];
    };
    expect(await modesOf({})).toEqual([0o600]);
    expect((await modesOf({ peer: 'any-user' })).at(-1)).toBe(0o666);
  });
});

describe('a handover that fails', () => {
  it('ends in time, or when it is aborted, on both sides', async () => {
    using region = base();
    const timeout = { name: 'HugePagesError', code: 'ERR_HUGEPAGES_TIMEOUT', errno: undefined };
    expect(await rejectionOf(Region.receive(socketPath, { timeout: 5 }))).toMatchObject({ ...timeout, details: { socketPath } });
    const nobody = { ...timeout, details: { socketPath, reason: 'there was no such socket' } };
    expect(await rejectionOf(region.sendTo(socketPath, { timeout: 5 }))).toMatchObject(nobody);
    for (const signal of [AbortSignal.abort(), AbortSignal.timeout(5)]) {
      expect(await rejectionOf(Region.receive(socketPath, { signal }))).toMatchObject({ code: 'ABORT_ERR' });
      expect(await rejectionOf(region.sendTo(socketPath, { signal }))).toMatchObject({ code: 'ABORT_ERR' });
    }
    const sending = region.sendTo(socketPath);
    region.dispose();
    expect(await rejectionOf(sending)).toMatchObject({ code: 'ERR_HUGEPAGES_DISPOSED' });
  });

  it('of memory of this process alone says what to do', async () => {
    using region = base({ source: 'anonymous', shared: true });
    const error = await rejectionOf(region.sendTo(socketPath));
    expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_UNSUPPORTED', remedy: expect.stringContaining("source: 'memfd'") as string });
  });

  it('turns away who is silent, half-closed, flooding or wrong, and hears the next', async () => {
    using region = base();
    const receiving = Region.receive(socketPath);
    const silent = await connectTo(socketPath);
    const halfClosed = (await connectTo(socketPath)).end('hugepg');
    const wrong = await connectTo(socketPath);
    wrong.write('GET / HTTP/1.0\r\n\r\n');
    const flooding = await connectTo(socketPath);
    flooding.write(Buffer.alloc(2 ** 20));
    // The right length, and what a token of nothing would be: no descriptor comes with it.
    const empty = await connectTo(socketPath);
    empty.write(Buffer.concat([Buffer.from('hugepgs1'), Buffer.alloc(112)]));
    const [answer] = (await once(wrong, 'data')) as [Buffer];
    expect(answer.toString('latin1', 0, 8)).toBe('hugepgs1');
    expect(answer.readInt32LE(8)).toBe(71); // EPROTO
    await region.sendTo(socketPath);
    (await receiving).dispose();
    for (const socket of [silent, flooding, empty, halfClosed]) socket.destroy();
  });

  it('tells how many were turned away, and why the last', async () => {
    const receiving = rejectionOf(Region.receive(socketPath, { timeout: 100 }));
    for (let i = 0; i < 3; i++) {
      const socket = (await connectTo(socketPath)).end('x').resume();
      await once(socket, 'close');
    }
    const details = { turnedAway: 3, reason: expect.any(String) as string };
    expect(await receiving).toMatchObject({ code: 'ERR_HUGEPAGES_TIMEOUT', details });
  });

  it('with a receiver that says nothing, nonsense, or goes, is an error in time', async () => {
    using region = base();
    const timeout = (reason: RegExp): object => ({
      code: 'ERR_HUGEPAGES_TIMEOUT',
      details: { reason: expect.stringMatching(reason) as string },
    });
    for (const [greet, error] of [
      [() => undefined, timeout(/^who listened there did not answer$/)],
      [(socket: Socket) => socket.write('HTTP/1.1 400\r\n\r\n'), { code: 'ERR_HUGEPAGES_BUSY', details: { reason: undefined } }],
      // It is tried again and again, and the last time may be cut short.
      [(socket: Socket) => socket.destroy(), timeout(/^who listened there (closed without an answer|did not answer)$/)],
    ] as const) {
      const sockets: Socket[] = [];
      const server = createServer((socket) => {
        sockets.push(socket.on('error', () => undefined));
        greet(socket);
      });
      await once(server.listen(socketPath), 'listening');
      expect(await rejectionOf(region.sendTo(socketPath, { timeout: 50 }))).toMatchObject(error);
      for (const socket of sockets) socket.destroy();
      server.close();
      await rejectionOf(region.sendTo(socketPath, { timeout: 1 }));
      rmSync(socketPath, { force: true });
    }
  });

  it('leaves other files and live sockets alone, and replaces those of the dead', async () => {
    writeFileSync(socketPath, 'precious');
    expect(await rejectionOf(Region.receive(socketPath))).toMatchObject({ code: 'ERR_HUGEPAGES_BUSY', errno: -98 });
    using region = base();
    expect(await rejectionOf(region.sendTo(socketPath))).toMatchObject({ code: 'ERR_HUGEPAGES_BUSY', errno: undefined });
    rmSync(socketPath);

    const first = new Peer();
    void first.ask('receive', socketPath).catch(() => undefined);
    (await connectTo(socketPath)).end();
    expect(await rejectionOf(Region.receive(socketPath))).toMatchObject({ code: 'ERR_HUGEPAGES_BUSY' });
    await first.end(); // kill -9: its socket stays
    expect(existsSync(socketPath)).toBe(true);
    const [received] = await Promise.all([Region.receive(socketPath), region.sendTo(socketPath)]);
    received.dispose();
  });

  it('is none of a second receiver that finds the path taken', async () => {
    const receiving = rejectionOf(Region.receive(socketPath, { timeout: 100 }));
    while (!existsSync(socketPath)) await delay(1);
    expect(await rejectionOf(Region.receive(socketPath))).toMatchObject({ code: 'ERR_HUGEPAGES_BUSY' });
    expect(await receiving).toMatchObject({ code: 'ERR_HUGEPAGES_TIMEOUT', details: { turnedAway: 0, reason: undefined } });
  });

  it('without a directory says which one', async () => {
    const path = join(directory, 'none', 'socket');
    const error = { syscall: 'bind', errno: -2, message: expect.stringContaining(path) as string, remedy: 'Make the directory first' };
    expect(await rejectionOf(Region.receive(path))).toMatchObject(error);
  });

  it('refuses wrong arguments', async () => {
    using region = base();
    const loose = region as unknown as { sendTo(...args: unknown[]): Promise<unknown> };
    const receive = Region.receive as (...args: unknown[]) => Promise<unknown>;
    const both = [(...args: unknown[]) => loose.sendTo(...args), receive];
    for (const call of both) {
      for (const value of [...NOT_BOOLEANS, '\0', 'a\0b', 'x'.repeat(108), `\0${'x'.repeat(107)}`, undefined]) {
        if (typeof value === 'string' && value === 'true') continue; // a path
        expectArgumentError(await rejectionOf(call(value)), value);
      }
      const refused = async (value: unknown, options: unknown): Promise<void> => {
        expectArgumentError(await rejectionOf(call(socketPath, options)), value);
      };
      for (const value of [...NOT_BOOLEANS.filter(isNoObject), { path: '/' }]) await refused(value, value);
      for (const value of [...NOT_BOOLEANS, 'any']) await refused(value, { peer: value });
      for (const value of [null, '1', NaN, -1, 1n]) await refused(value, { timeout: value });
      for (const value of [null, {}, 1]) await refused(value, { signal: value });
      for (const value of [...NOT_BOOLEANS, 'write']) await refused(value, { access: value });
      for (const value of [...NOT_BOOLEANS, 'ignore']) await refused(value, { onExhaustion: value });
    }
  });
});

requires({ ordinaryUser: true }).describe('a handover between users', () => {
  it('is refused, unless both trust whoever can reach the socket', () =>
    withPeer(
      async (peer) => {
        using region = base();
        const name = `\0${socketPath}`;
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
        chmodSync(directory, 0o755);
        const { id } = (await peer.ask('allocate', { size: BASE_PAGE, backing: ['base'], source: 'memfd' })) as Region;
        await peer.ask('write', id, 0, 'theirs');
        const receiving = rejectionOf(Region.receive(socketPath, { timeout: 200 }));
        while (!existsSync(socketPath)) await delay(1);
        const refused = { code: 'ERR_HUGEPAGES_PERMISSION', remedy: expect.stringContaining("peer: 'any-user'") as string };
        expect(await rejectionOf(peer.ask('sendTo', id, socketPath))).toMatchObject({ ...refused, syscall: 'connect' });
        await receiving;
        const [received] = await Promise.all([
          Region.receive(socketPath, { peer: 'any-user' }),
          peer.ask('sendTo', id, socketPath, { peer: 'any-user' }),
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
        using segment = base({ source: 'sysv' });
        const name = `\0${socketPath}`;
        const theirs = rejectionOf(peer.ask('receive', name, { timeout: 200 }));
        const refused = { code: 'ERR_HUGEPAGES_REFUSED', remedy: expect.stringContaining("source: 'memfd'") as string };
        expect(await rejectionOf(segment.sendTo(name, { peer: 'any-user' }))).toMatchObject(refused);
        expect(await theirs).toMatchObject({ details: { turnedAway: 1, reason: 'it is a segment of another user' } });
      },
      'unrelated',
      NOBODY,
    ));
});

const POOL = { pageSize: H, pages: 4 };
requires({ pool: POOL }).describe('handing hugetlb pages over', () => {
  withPool(POOL);

  it('takes no page, and gives them back when the last has gone, killed or not', () =>
    withPeer(async (peer) => {
      const before = allCounters();
      const region = allocateSync({ size: 4 * H, backing: ['hugetlb'], source: 'memfd' });
      await Promise.all([peer.ask('receive', socketPath), region.sendTo(socketPath)]);
      region.dispose();
      expect(delta(before)).toEqual({ [H]: { free: -4 } });
      await peer.end();
      expect(delta(before)).toEqual({});
    }));
});
