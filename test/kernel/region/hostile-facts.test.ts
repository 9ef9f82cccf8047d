/** Acceptance case 25: a region whose public facts were overwritten still reaches no memory but its own. */
import { describe, expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import type { Region } from '../../../lib/index.js';
import { mappingsOf } from '../../support/kernel-text.js';
import { BASE_PAGE } from '../../support/page-sizes.js';

const SIZE = 4 * BASE_PAGE;

/** Runs a call that may succeed or throw; how many bytes it let JavaScript reach. */
function reach(use: () => unknown): number {
  try {
    const made = use();
    return ArrayBuffer.isView(made) || made instanceof ArrayBuffer ? made.byteLength : 0;
  } catch (error) {
    expect(error).toHaveProperty('code');
    return 0;
  }
}

function permissionsAt(address: bigint): string | undefined {
  return mappingsOf(address, BASE_PAGE)[0]?.permissions;
}

describe('overwriting what TypeScript calls readonly', () => {
  it.each([
    ['byteLength', 2 ** 40],
    ['byteLength', Infinity],
    ['byteLength', NaN],
    ['pageSize', 1],
    ['pageSize', 0],
    ['pageSize', NaN],
    ['address', 0n],
    ['id', 'x'],
  ] as const)('%s = %s', (name, value) => {
    using region = allocateSync({ size: SIZE, backing: ['base'] });
    const { address } = region;
    const pages = [-BASE_PAGE, 0, SIZE - BASE_PAGE, SIZE].map((offset) => address + BigInt(offset));
    const before = pages.map(permissionsAt);
    try {
      (region as unknown as Record<string, unknown>)[name] = value;
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError); // frozen: as good
    }
    const uses: ((region: Region) => unknown)[] = [
      (target) => target.buffer(),
      (target) => target.buffer(0, 2 * SIZE),
      (target) => target.bytes(),
      (target) => target.bytes(SIZE - 1),
      (target) => target.view(Float64Array),
      (target) => { target.protect('read', SIZE, BASE_PAGE); },
      (target) => { target.protect('read', 1, 1); },
      (target) => { target.lock(0, 2 * SIZE); },
      (target) => target.residency(0, 2 * SIZE),
    ];
    for (const use of uses) expect(reach(() => use(region))).toBeLessThanOrEqual(SIZE);
    const [below, first, last, above] = pages.map(permissionsAt);
    expect([first, last]).toEqual(before.slice(1, 3));
    // A neighbour may have been collected meanwhile.
    expect([before[0], undefined]).toContain(below);
    expect([before[3], undefined]).toContain(above);
  });
});
