/** Acceptance case 9: protect() changes exactly the pages it is told, as the kernel sees it. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import type { BackingKind, Region } from '../../../lib/index.js';
import { mappingsOf } from '../../support/kernel-text.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf } from '../../support/thrown.js';

const WRITER = fileURLToPath(new URL('children/write-protected.mjs', import.meta.url));

/** Where each stretch of equal permissions begins. The kernel itself never merges hugetlb mappings again. */
function permissions(region: Region): [offset: number, permissions: string][] {
  return mappingsOf(region.address, region.byteLength)
    .map(({ start, permissions }): [number, string] => [Number(start - region.address), permissions.slice(0, 3)])
    .filter(([, allowed], index, all) => allowed !== all[index - 1]?.[1]);
}

/** Has the kernel write 16 bytes into a region: the answer to a page that forbids it is an error and no signal. */
function readInto(region: Region, offset: number): number {
  const zero = openSync('/dev/zero', 'r');
  try {
    return readSync(zero, region.bytes(), offset, 16, null);
  } finally {
    closeSync(zero);
  }
}

/** A write that no system call makes has nobody to answer: the process dies, and only it. */
function checkWrite(backing: BackingKind): void {
  const { signal, stdout } = spawnSync(process.execPath, [WRITER, backing], { encoding: 'utf8' });
  expect([signal, stdout]).toEqual(['SIGSEGV', 'before']);
}

function checkHalf(backing: BackingKind): void {
  using region = allocateSync({ size: 4 * H, backing: [backing] });
  region.bytes().fill(0x5a);
  const half = 2 * H;

  region.protect('read', half);
  expect(permissions(region)).toEqual([
    [0, 'rw-'],
    [half, 'r--'],
  ]);
  expect(region.bytes()[half]).toBe(0x5a);
  expect(readInto(region, half - 16)).toBe(16);
  expect(errorOf(() => readInto(region, half))).toMatchObject({ code: 'EFAULT' });
  expect(region.bytes()[half]).toBe(0x5a);

  region.protect('none', half, H);
  expect(permissions(region)).toEqual([
    [0, 'rw-'],
    [half, '---'],
    [half + H, 'r--'],
  ]);

  region.protect('read-write');
  expect(permissions(region)).toEqual([[0, 'rw-']]);
  expect(region.bytes().subarray(half).equals(Buffer.alloc(half, 0x5a))).toBe(true);
  expect(readInto(region, half)).toBe(16);
}

describe('protect', () => {
  it('changes the half it is told, on base pages', () => {
    checkHalf('base');
  });

  it('makes a write from JavaScript die by SIGSEGV, on base pages', () => {
    checkWrite('base');
  });

  it('takes any page boundary on base pages', () => {
    using region = allocateSync({ size: 8 * BASE_PAGE, backing: ['base'] });
    region.protect('read', 3 * BASE_PAGE, BASE_PAGE);
    expect(permissions(region)).toEqual([
      [0, 'rw-'],
      [3 * BASE_PAGE, 'r--'],
      [4 * BASE_PAGE, 'rw-'],
    ]);
  });

  requires({ thp: true }).it('changes the half it is told, on transparent huge pages', () => {
    checkHalf('thp');
  });

  const POOL = { pageSize: H, pages: 4 };
  requires({ pool: POOL }).describe('on a hugetlb region', () => {
    withPool(POOL);

    it('changes the half it is told', () => {
      checkHalf('hugetlb');
    });

    it('makes a write from JavaScript die by SIGSEGV', () => {
      checkWrite('hugetlb');
    });

    it('is refused at what is not a boundary of huge pages', () => {
      using region = allocateSync({ size: 2 * H, backing: ['hugetlb'] });
      for (const offset of [BASE_PAGE, H - BASE_PAGE, H + BASE_PAGE]) {
        expect(errorOf(() => { region.protect('read', offset); })).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
      }
      expect(permissions(region)).toEqual([[0, 'rw-']]);
    });
  });
});
