/** Real files into regions: fs reads straight into huge pages. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { allocate, allocateSync } from '../../../lib/index.js';
import type { BackingKind } from '../../../lib/index.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

// The largest file that every machine running this has.
const FILE = process.execPath;
const EXPECTED = sha256(readFileSync(FILE));
const SIZE = readFileSync(FILE).length;

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Reads until the end of the file or of the buffer. */
async function readInto(target: Buffer): Promise<number> {
  await using file = await open(FILE);
  let total = 0;
  for (;;) {
    const { bytesRead } = await file.read(target, total, target.length - total, total);
    if (bytesRead === 0) return total;
    total += bytesRead;
  }
}

function check(backing: BackingKind): void {
  it('synchronously, at an odd offset', () => {
    using region = allocateSync({ size: SIZE + H, backing: [backing] });
    const target = region.bytes(12345, SIZE);
    const descriptor = openSync(FILE, 'r');
    try {
      expect(fstatSync(descriptor).size).toBe(SIZE);
      for (let total = 0; total < SIZE; ) total += readSync(descriptor, target, total, SIZE - total, total);
    } finally {
      closeSync(descriptor);
    }
    expect(sha256(target)).toBe(EXPECTED);
    expect(region.bytes(0, 12345).every((byte) => byte === 0)).toBe(true);
  });

  it('asynchronously, into pages that nobody populated', async () => {
    using region = await allocate({ size: SIZE, backing: [backing], prefault: false });
    const target = region.bytes(0, SIZE);
    expect(await readInto(target)).toBe(SIZE);
    expect(sha256(target)).toBe(EXPECTED);
    expect(region.backing).toMatchObject({ kind: backing, presentBytes: region.byteLength });
  });
}

describe('a file is read into base pages', () => {
  check('base');
});

requires({ thp: true }).describe('a file is read into transparent huge pages', () => {
  check('thp');
});

const POOL = { pageSize: H, pages: Math.ceil(SIZE / H) + 1 };
requires({ pool: POOL }).describe('a file is read into hugetlb pages', () => {
  withPool(POOL);
  check('hugetlb');
});
