/** The addon and JavaScript lay and follow the same cycles. */
import { expect, it } from 'vitest';
import { calibrate, lay, sample } from '../../../lib/bench/sample.js';
import { Session, parsePlan } from '../../../lib/bench/session.js';
import { allocateSync, followChase, layChase } from '../../../lib/index.js';
import { rejectionOf } from '../../support/thrown.js';

const SIZE = 2 ** 20;
const session = (signal?: AbortSignal): Session => new Session('test', parsePlan(signal === undefined ? {} : { signal }, [], 1)[0]);

it.each([64, 4096, 65536])('a cycle of stride %i is the same in both', async (stride) => {
  using region = allocateSync({ size: SIZE, backing: ['base'] });
  const count = SIZE / stride;
  await lay({ region, pattern: 'chase', stride, count }, session());
  const expected = new Uint32Array(SIZE / 4);
  layChase(expected, { stride });
  expect(region.bytes().equals(Buffer.from(expected.buffer))).toBe(true);
  expect(followChase(region.view(Uint32Array), count)).toBe(0);
});

it('a chase goes through a part of a region, and leaves the rest alone', async () => {
  using region = allocateSync({ size: SIZE, backing: ['base'] });
  region.bytes().fill(7);
  const accesses = { region, pattern: 'chase', stride: 4096, count: 16, offset: 65536 } as const;
  await lay(accesses, session());
  const { nanoseconds, median } = await sample(accesses, await calibrate(accesses, session()), session());
  expect(nanoseconds.length).toBeGreaterThan(1);
  expect(median).toBeGreaterThan(0);
  expect(region.bytes(0, 65536).every((byte) => byte === 7)).toBe(true);
  expect(region.bytes(2 * 65536).every((byte) => byte === 7)).toBe(true);
});

it('a cycle that somebody has written to is an error, and no harm', async () => {
  using region = allocateSync({ size: SIZE, backing: ['base'] });
  const accesses = { region, pattern: 'chase', stride: 64, count: SIZE / 64 } as const;
  await lay(accesses, session());
  region.bytes().fill(0xff);
  const chase = sample(accesses, { warmUp: 0, block: 1000, blocks: 1 }, session());
  expect(await rejectionOf(chase)).toMatchObject({ code: 'ERR_HUGEPAGES_CHANGED' });
});

it('a sample stops when it is aborted, and when its region is disposed', async () => {
  const endless = { warmUp: 0, block: 2 ** 40, blocks: 1 };
  const reason = new Error('enough');
  const controller = new AbortController();
  using region = allocateSync({ size: SIZE, backing: ['base'] });
  const accesses = { region, pattern: 'gather', stride: 64, count: SIZE / 64 } as const;
  const aborted = sample(accesses, endless, session(controller.signal));
  controller.abort(reason);
  expect(await rejectionOf(aborted)).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: reason });
  const disposed = sample(accesses, endless, session());
  region.dispose();
  expect(await rejectionOf(disposed)).toMatchObject({ code: 'ERR_HUGEPAGES_SYSTEM' });
});
