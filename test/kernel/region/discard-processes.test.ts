/** Holes between processes: what one punches is gone for the other, and each knows its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import type { Region } from '../../../lib/index.js';
import { withCompiled } from '../../support/compiler.js';
import { memfdPath } from '../../support/memfds.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const POOL = { pageSize: H, pages: 4 };

/** A process that has the memory of a region too. */
interface Peer {
  ask(command: 'touch' | 'present' | 'punch', page: number): Promise<number>;
}

async function withPeer(use: (region: Region, peer: Peer) => Promise<void>): Promise<void> {
  await withCompiled(new URL('children/hole-peer.c', import.meta.url), [], async (program) => {
    using region = allocateSync({ size: 4 * H, backing: ['hugetlb'], source: 'memfd', name: 'shared-holes' });
    const child = spawn(program, [memfdPath('shared-holes'), String(4 * H), String(H)], { stdio: ['pipe', 'pipe', 'inherit'] });
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ask: Peer['ask'] = async (command, page) => {
      child.stdin.write(`${command} ${String(page)}\n`);
      return Number((await answers.next()).value);
    };
    const ended = once(child, 'exit');
    try {
      expect(await ask('present', 0)).toBe(0); // to map a hole is to reserve it: it shall have mapped all before there is one
      await use(region, { ask });
      child.stdin.end();
      expect(await ended).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
  });
}

requires({ pool: POOL, compiler: true }).describe('holes between processes', () => {
  withPool(POOL);

  it('what this process discards is gone for the other', async () => {
    await withPeer(async (region, peer) => {
      const before = allCounters();
      await peer.ask('touch', 1);
      expect(await peer.ask('present', 1)).toBe(1);
      expect(region.discard(H, H)).toMatchObject({ freedPages: 1, reservation: 'lost' });
      expect(delta(before)).toEqual({ [H]: { free: 1 } });
      expect(await peer.ask('present', 1)).toBe(0);
      // Nobody here knows that the other has filled it.
      await peer.ask('touch', 1);
      expect(region.holes()).toEqual([{ offset: H, length: H }]);
      expect(delta(before)).toEqual({});
      expect(region.bytes(H, 1)[0]).toBe(1);
      expect(region.holes()).toEqual([]);
    });
  });

  it('what the other punches is gone here, is no hole that this process knows, and is reserved again with the others', async () => {
    await withPeer(async (region, peer) => {
      const before = allCounters();
      expect(await peer.ask('punch', 2)).toBe(0);
      expect(region.residency(2 * H, H).presentBytes).toBe(0);
      expect(region.holes()).toEqual([]);
      expect(delta(before)).toEqual({ [H]: { free: 1 } });
      region.reserve();
      expect(delta(before)).toEqual({ [H]: { free: 1, reserved: 1 } });
      expect(region.bytes(2 * H, 1)[0]).toBe(0);
      expect(delta(before)).toEqual({});
    });
  });

  it('pages that only the other touched are freed and counted as well', async () => {
    await withPeer(async (region, peer) => {
      const before = allCounters();
      region.discard(0, 4 * H);
      await peer.ask('touch', 3);
      expect(delta(before)).toEqual({ [H]: { free: 3 } });
      expect(region.discard(2 * H, 2 * H)).toMatchObject({ freedPages: 1 });
      expect(delta(before)).toEqual({ [H]: { free: 4 } });
    });
  });

  it('a process that maps the memory takes the reservation of its holes back', async () => {
    using region = allocateSync({ size: 4 * H, backing: ['hugetlb'], source: 'memfd', name: 'mapped-again' });
    region.discard(0, 2 * H);
    const before = allCounters();
    await withCompiled(new URL('children/hole-peer.c', import.meta.url), [], async (program) => {
      const child = spawn(program, [memfdPath('mapped-again'), String(4 * H), String(H)], { stdio: ['ignore', 'ignore', 'inherit'] });
      expect(await once(child, 'exit')).toEqual([0, null]);
    });
    expect(delta(before)).toEqual({ [H]: { reserved: 2 } });
    region.bytes().fill(1);
  });
});
