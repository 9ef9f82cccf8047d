/** sendTo() and receive(): whoever comes with anything else does not hold them up, and who fails is told why. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Region } from '../../../lib/index.js';
import { NOT_BOOLEANS, expectArgumentError, isNoObject } from '../../support/hostile.js';
import { Peer } from '../../support/peer.js';
import { connectTo, shareable, withSocketPlace } from '../../support/sharing.js';
import { rejectionOf } from '../../support/thrown.js';

const place = withSocketPlace();

describe('a handover that fails', () => {
  it('ends in time, or when it is aborted, on both sides', async () => {
    using region = shareable();
    const timeout = { name: 'HugePagesError', code: 'ERR_HUGEPAGES_TIMEOUT', errno: undefined };
    const details = { socketPath: place.path };
    expect(await rejectionOf(Region.receive(place.path, { timeout: 5 }))).toMatchObject({ ...timeout, details });
    const nobody = { ...timeout, details: { ...details, reason: 'there was no such socket' } };
    expect(await rejectionOf(region.sendTo(place.path, { timeout: 5 }))).toMatchObject(nobody);
    for (const signal of [AbortSignal.abort(), AbortSignal.timeout(5)]) {
      expect(await rejectionOf(Region.receive(place.path, { signal }))).toMatchObject({ code: 'ABORT_ERR' });
      expect(await rejectionOf(region.sendTo(place.path, { signal }))).toMatchObject({ code: 'ABORT_ERR' });
    }
    const sending = region.sendTo(place.path);
    region.dispose();
    expect(await rejectionOf(sending)).toMatchObject({ code: 'ERR_HUGEPAGES_DISPOSED' });
  });

  it('of memory of this process alone says what to do', async () => {
    using region = shareable({ source: 'anonymous', shared: true });
    const error = await rejectionOf(region.sendTo(place.path));
    expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_UNSUPPORTED', remedy: expect.stringContaining("source: 'memfd'") as string });
  });

  it('turns away who is silent, half-closed, flooding or wrong, and hears the next', async () => {
    using region = shareable();
    const receiving = Region.receive(place.path);
    const silent = await connectTo(place.path);
    const halfClosed = (await connectTo(place.path)).end('hugepg');
    const wrong = await connectTo(place.path);
    wrong.write('GET / HTTP/1.0\r\n\r\n');
    const flooding = await connectTo(place.path);
    flooding.write(Buffer.alloc(2 ** 20));
    // The right length, and what a token of nothing would be: no descriptor comes with it.
    const empty = await connectTo(place.path);
    empty.write(Buffer.concat([Buffer.from('hugepgs1'), Buffer.alloc(112)]));
    const [answer] = (await once(wrong, 'data')) as [Buffer];
    expect(answer.toString('latin1', 0, 8)).toBe('hugepgs1');
    expect(answer.readInt32LE(8)).toBe(71); // EPROTO
    await region.sendTo(place.path);
    (await receiving).dispose();
    for (const socket of [silent, flooding, empty, halfClosed]) socket.destroy();
  });

  it('tells how many were turned away, and why the last', async () => {
    const receiving = rejectionOf(Region.receive(place.path, { timeout: 100 }));
    for (let i = 0; i < 3; i++) {
      const socket = (await connectTo(place.path)).end('x').resume();
      await once(socket, 'close');
    }
    const details = { turnedAway: 3, reason: expect.any(String) as string };
    expect(await receiving).toMatchObject({ code: 'ERR_HUGEPAGES_TIMEOUT', details });
  });

  it('with a receiver that says nothing, or nonsense, is an error in time', async () => {
    using region = shareable();
    const timeout = (reason: RegExp): object => ({
      code: 'ERR_HUGEPAGES_TIMEOUT',
      details: { reason: expect.stringMatching(reason) as string },
    });
    for (const [greet, error] of [
      [() => undefined, timeout(/^who listened there did not answer$/)],
      [(socket: Socket) => socket.write('HTTP/1.1 400\r\n\r\n'), { code: 'ERR_HUGEPAGES_BUSY', details: { reason: undefined } }],
    ] as const) {
      const sockets: Socket[] = [];
      const server = createServer((socket) => {
        sockets.push(socket.on('error', () => undefined));
        greet(socket);
      });
      await once(server.listen(place.path), 'listening');
      expect(await rejectionOf(region.sendTo(place.path, { timeout: 50 }))).toMatchObject(error);
      for (const socket of sockets) socket.destroy();
      server.close();
      await rejectionOf(region.sendTo(place.path, { timeout: 1 }));
      rmSync(place.path, { force: true });
    }
  });

  it('by a receiver that closed is tried again, until one takes it', async () => {
    using region = shareable();
    let closed = 0;
    const server = createServer((socket) => {
      socket.destroy();
      if (++closed === 3) server.close();
    });
    await once(server.listen(place.path), 'listening');
    const gone = once(server, 'close');
    const sending = region.sendTo(place.path);
    await gone;
    (await Region.receive(place.path)).dispose();
    await sending;
  });

  it('leaves other files and live sockets alone, and replaces those of the dead', async () => {
    writeFileSync(place.path, 'precious');
    expect(await rejectionOf(Region.receive(place.path))).toMatchObject({ code: 'ERR_HUGEPAGES_BUSY', errno: -98 });
    using region = shareable();
    expect(await rejectionOf(region.sendTo(place.path))).toMatchObject({ code: 'ERR_HUGEPAGES_BUSY', errno: undefined });
    rmSync(place.path);

    const first = new Peer();
    void first.ask('receive', place.path).catch(() => undefined);
    (await connectTo(place.path)).end();
    expect(await rejectionOf(Region.receive(place.path))).toMatchObject({ code: 'ERR_HUGEPAGES_BUSY' });
    await first.end(); // kill -9: its socket stays
    expect(existsSync(place.path)).toBe(true);
    const [received] = await Promise.all([Region.receive(place.path), region.sendTo(place.path)]);
    received.dispose();
  });

  it('is none of a second receiver that finds the path taken', async () => {
    const receiving = rejectionOf(Region.receive(place.path, { timeout: 100 }));
    while (!existsSync(place.path)) await delay(1);
    expect(await rejectionOf(Region.receive(place.path))).toMatchObject({ code: 'ERR_HUGEPAGES_BUSY' });
    expect(await receiving).toMatchObject({ code: 'ERR_HUGEPAGES_TIMEOUT', details: { turnedAway: 0, reason: undefined } });
  });

  it('without a directory says which one', async () => {
    const path = join(place.directory, 'none', 'socket');
    const error = { syscall: 'bind', errno: -2, message: expect.stringContaining(path) as string, remedy: 'Make the directory first' };
    expect(await rejectionOf(Region.receive(path))).toMatchObject(error);
  });

  it('refuses wrong arguments', async () => {
    using region = shareable();
    const loose = region as unknown as { sendTo(...args: unknown[]): Promise<unknown> };
    const receive = Region.receive as (...args: unknown[]) => Promise<unknown>;
    const both = [(...args: unknown[]) => loose.sendTo(...args), receive];
    for (const call of both) {
      for (const value of [...NOT_BOOLEANS, '\0', 'a\0b', 'x'.repeat(108), `\0${'x'.repeat(107)}`, undefined]) {
        if (typeof value === 'string' && value === 'true') continue; // a path
        expectArgumentError(await rejectionOf(call(value)), value);
      }
      const refused = async (value: unknown, options: unknown): Promise<void> => {
        expectArgumentError(await rejectionOf(call(place.path, options)), value);
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
