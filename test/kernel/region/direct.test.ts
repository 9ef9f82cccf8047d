/** Acceptance case 10: O_DIRECT reads and writes of a region round trip, aligned and unaligned, and its pages are back afterwards. */
import { closeSync, constants, existsSync, openSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import { temporaryFolder, writeRandom } from '../../support/files.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { rejectionOf } from '../../support/thrown.js';

const within = temporaryFolder();
const FILE = within('data');
const COPY = within('copy');
const DATA = writeRandom(FILE, 3 * H + 777);
const BLOCK = 4096; // of almost any file system, at most

const PARTS = [
  { offset: 0, position: 0, length: 2 * H },
  { offset: BLOCK, position: 5 * BLOCK, length: H + BLOCK },
  { offset: 0, position: 0, length: 2 * H + 777 },
  { offset: 100, position: 100, length: 2 * H },
  { offset: H - BLOCK / 2, position: H + BLOCK / 2, length: H + 3 },
  { offset: 1, position: 1, length: BLOCK - 2 },
];

describe('direct: auto', () => {
  it.each([...PARTS, { offset: 1, position: 0, length: 2 * H }])('round trip, fitting or not: %o', async (part) => {
    using region = allocateSync({ size: 4 * H, backing: ['base'] });
    await expect(region.load(FILE, { ...part, direct: 'auto' })).resolves.toMatchObject({ bytes: part.length });
    const expected = DATA.subarray(part.position, part.position + part.length);
    expect(region.bytes(part.offset, part.length).equals(expected)).toBe(true);
    await expect(region.store(COPY, { ...part, direct: 'auto' })).resolves.toMatchObject({ bytes: part.length });
    expect(readFileSync(COPY).subarray(part.position).equals(expected)).toBe(true);
  });

  it('goes through the page cache where the file system has nothing else', async () => {
    using region = allocateSync({ size: BASE_PAGE, backing: ['base'] });
    await expect(region.load('/proc/self/status', { direct: 'auto' })).resolves.toMatchObject({ directBytes: 0 });
    const error = await rejectionOf(region.load('/proc/self/status', { direct: true }));
    expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_UNSUPPORTED', syscall: 'open(O_DIRECT)' });
  });
});

const POOL = { pageSize: H, pages: 4 };
requires({ directIo: true, pool: POOL }).describe('direct: true, with hugetlb pages', () => {
  withPool(POOL);

  it.each(PARTS)('round trip, blocks past the page cache and the rest through it: %o', async (part) => {
    const before = allCounters();
    const region = allocateSync({ size: 4 * H, backing: ['hugetlb'] });
    region.bytes().fill(0x5a);
    const whole = Math.floor((part.position + part.length) / BLOCK) - Math.ceil(part.position / BLOCK);
    const expected = Buffer.alloc(4 * H, 0x5a);
    DATA.copy(expected, part.offset, part.position, part.position + part.length);
    for (const threads of [1, 3]) {
      const { bytes, directBytes } = await region.load(FILE, { ...part, direct: true, threads });
      expect(bytes).toBe(part.length);
      expect(directBytes).toBeGreaterThanOrEqual(whole * BLOCK);
      expect(region.bytes().equals(expected)).toBe(true);
      const stored = await region.store(COPY, { ...part, direct: true, threads });
      expect(stored).toMatchObject({ bytes, directBytes });
      expect(readFileSync(COPY).subarray(part.position).equals(DATA.subarray(part.position, part.position + part.length))).toBe(true);
    }
    region.dispose();
    expect(delta(before)).toEqual({});
  });

  it('refuses what is not aligned alike, before it empties the file', async () => {
    using region = allocateSync({ size: 2 * H, backing: ['hugetlb'] });
    await region.store(COPY, { length: 10 });
    const misaligned = { code: 'ERR_HUGEPAGES_UNSUPPORTED', syscall: 'open(O_DIRECT)' };
    expect(await rejectionOf(region.load(FILE, { offset: 1, direct: true }))).toMatchObject(misaligned);
    expect(await rejectionOf(region.store(COPY, { offset: 1, direct: true }))).toMatchObject(misaligned);
    expect(readFileSync(COPY)).toHaveLength(10);
    const made = within('made');
    expect(await rejectionOf(region.store(made, { offset: 1, direct: true }))).toMatchObject(misaligned);
    expect(existsSync(made)).toBe(false);
  });

  it('takes a descriptor that is open for direct I/O already, whatever is asked', async () => {
    using region = allocateSync({ size: 4 * H, backing: ['hugetlb'] });
    const descriptor = openSync(FILE, constants.O_RDONLY | constants.O_DIRECT);
    for (const direct of [false, true]) {
      await expect(region.load(descriptor, { offset: direct ? 0 : 1, direct })).resolves.toMatchObject({ bytes: DATA.length });
      expect(region.bytes(direct ? 0 : 1, DATA.length).equals(DATA)).toBe(true);
    }
    closeSync(descriptor);
  });
});
