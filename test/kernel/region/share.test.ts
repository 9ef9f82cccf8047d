/** share() and attach() between the threads of a process. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import type { RegionToken } from '../../../lib/index.js';
import { presentBytes } from '../../support/page-frames.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

/** A thread that does what children/holder.mjs knows. */
class Holder {
  readonly #worker = new Worker(new URL('children/holder.mjs', import.meta.url));

  /** Rejects with what the worker caught. */
  async ask(operation: string, ...args: unknown[]): Promise<unknown> {
    this.#worker.postMessage([operation, ...args]);
    const [answer] = (await once(this.#worker, 'message')) as [{ value?: unknown; error?: { message: string } }];
    if (answer.error !== undefined) throw Object.assign(new Error(answer.error.message), answer.error);
    return answer.value;
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }
}

async function withHolder(use: (holder: Holder) => Promise<void>): Promise<void> {
  const holder = new Holder();
  try {
    await use(holder);
  } finally {
    await holder.terminate();
  }
}

describe('a region in two threads', () => {
  it('is the same memory at the same address', () =>
    withHolder(async (holder) => {
      using region = allocateSync({ size: 2 * H, backing: ['base'] });
      region.bytes(0, 8).fill(0x11);
      const { id, address, byteLength, pageSize } = region;
      expect(await holder.ask('attach', region.share())).toEqual({ id, address, byteLength, pageSize });
      expect(await holder.ask('read', id, 0, 8)).toEqual(new Uint8Array(8).fill(0x11));
      await holder.ask('fill', id, 0x22, H, 4);
      expect([...region.bytes(H, 5)]).toEqual([0x22, 0x22, 0x22, 0x22, 0]);
    }));

  it('can be prefaulted by the one that did not make it', () =>
    withHolder(async (holder) => {
      using region = allocateSync({ size: 2 * H, backing: ['base'], prefault: false });
      await holder.ask('attach', JSON.parse(JSON.stringify(region.share())) as RegionToken);
      expect(await holder.ask('prefault', region.id)).toMatchObject({ populatedBytes: 2 * H });
      expect(presentBytes(region)).toBe(2 * H);
    }));

  it('cannot be attached when it is gone', () =>
    withHolder(async (holder) => {
      const region = allocateSync({ size: H, backing: ['base'] });
      const token = region.share();
      region.dispose();
      await expect(holder.ask('attach', token)).rejects.toMatchObject({ name: 'HugePagesError', code: 'ERR_HUGEPAGES_TOKEN' });
    }));

  const POOL = { pageSize: H, pages: 4 };
  requires({ pool: POOL }).describe('on hugetlb pages', () => {
    withPool(POOL);

    it('lives until both have disposed, whoever is first', () =>
      withHolder(async (holder) => {
        const before = allCounters();
        for (const first of ['main', 'worker']) {
          const region = allocateSync({ size: 4 * H, backing: ['hugetlb'] });
          region.bytes().fill(0x33);
          await holder.ask('attach', region.share());
          if (first === 'main') region.dispose();
          else await holder.ask('dispose', region.id);
          expect(delta(before)).toEqual({ [H]: { free: -4 } });
          if (first === 'main') expect(await holder.ask('read', region.id, 3 * H, 2)).toEqual(new Uint8Array(2).fill(0x33));
          else expect([...region.bytes(3 * H, 2)]).toEqual([0x33, 0x33]);
          await holder.ask('dispose', region.id);
          region.dispose();
          expect(delta(before)).toEqual({});
        }
      }));

    it('is given up by a thread that ends without disposing', async () => {
      const before = allCounters();
      using region = allocateSync({ size: 4 * H, backing: ['hugetlb'] });
      await withHolder(async (holder) => {
        await holder.ask('attach', region.share());
        await holder.ask('fill', region.id, 0x44, 0, 4 * H);
        region.dispose();
        expect(delta(before)).toEqual({ [H]: { free: -4 } });
      });
      expect(delta(before)).toEqual({});
    });
  });
});
