/** Regions beyond 4 GiB: whole where Node.js can, by windows everywhere. */
import { describe, expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import type { Region } from '../../../lib/index.js';
import { BASE_PAGE } from '../../support/page-sizes.js';
import { errorOf } from '../../support/thrown.js';

const GIB = 2 ** 30;
const SIZE = 5 * GIB;
const LIMITED = process.versions.node.startsWith('20.');

// Addresses only: no page is populated but those that a test touches.
function large(): Region {
  return allocateSync({ size: SIZE, backing: ['base'], reserve: false, prefault: false });
}

describe('a region of 5 GiB', () => {
  if (LIMITED) {
    it('is more than an ArrayBuffer of Node.js 20 can be, and the error says what to do', () => {
      using region = large();
      const tooLarge = [() => region.buffer(), () => region.bytes(), () => region.view(Uint8Array), () => region.buffer(0, 4 * GIB + 1)];
      for (const call of tooLarge) {
        expect(errorOf(call)).toMatchObject({
          name: 'HugePagesError',
          code: 'ERR_HUGEPAGES_BUFFER_TOO_LARGE',
          details: { maxByteLength: 4 * GIB },
          remedy: expect.stringContaining('window') as string,
        });
      }
      expect(region.buffer(GIB, 4 * GIB).byteLength).toBe(4 * GIB);
    });
  } else {
    it('is one ArrayBuffer', () => {
      using region = large();
      expect(region.buffer().byteLength).toBe(SIZE);
      const bytes = region.bytes();
      bytes[SIZE - 1] = 0x5a;
      expect(region.view(Uint8Array, SIZE - 1)[0]).toBe(0x5a);
    });
  }

  it('is used through windows, which share its memory', () => {
    const region = large();
    const window = region.bytes(4 * GIB, GIB);
    const overlapping = region.view(Uint32Array, 4 * GIB + GIB / 2, 16);
    window.writeUInt32LE(0xdeadbeef, GIB / 2 + 4);
    expect(overlapping[1]).toBe(0xdeadbeef);
    const last = region.buffer(SIZE - 1);
    new Uint8Array(last)[0] = 1;
    expect(window[GIB - 1]).toBe(1);
    expect(region.residency(4 * GIB).presentBytes).toBe(2 * BASE_PAGE);
    region.dispose();
    expect([window.length, overlapping.length, last.byteLength]).toEqual([0, 0, 0]);
  });

  it('is prefaulted, protected and advised beyond 4 GiB', async () => {
    using region = large();
    await expect(region.prefault({ offset: SIZE - 8 * BASE_PAGE })).resolves.toMatchObject({ populatedBytes: 8 * BASE_PAGE });
    region.protect('read', SIZE - BASE_PAGE);
    region.advise('random', SIZE - BASE_PAGE);
    expect(region.residency(SIZE - 16 * BASE_PAGE)).toMatchObject({ presentBytes: 8 * BASE_PAGE, absentBytes: 8 * BASE_PAGE });
  });
});
