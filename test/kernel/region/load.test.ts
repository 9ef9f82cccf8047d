/** load(): which bytes of which file arrive where, and what is refused. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { constants } from 'node:os';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import type { TransferProgress } from '../../../lib/index.js';
import { temporaryFolder, writeRandom } from '../../support/files.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { TAKES_SECONDS } from '../../support/takes-seconds.mjs';
import { rejectionOf } from '../../support/thrown.js';

const { EISDIR, ENODATA, ENOENT, EBADF, EFAULT, ESPIPE } = constants.errno;

const within = temporaryFolder();
const FILE = within('data');
const DATA = writeRandom(FILE, 3 * 2 ** 20 + 12345);
const SIZE = 4 * 2 ** 20;

describe('load', () => {
  it.each([
    {},
    { threads: 1 },
    { threads: 5 },
    { offset: 77 },
    { position: 12345 },
    { offset: 100, length: 1 },
    { offset: BASE_PAGE, position: 3, length: 2 ** 20 + 1 },
    { length: 0 },
    { position: DATA.length },
    { position: DATA.length + 5 },
    { offset: SIZE - 10 },
    { offset: SIZE },
  ])('puts exactly the bytes in their place: %o', async (options) => {
    using region = allocateSync({ size: SIZE, backing: ['base'] });
    region.bytes().fill(0x5a);
    const { offset = 0, position = 0 } = options;
    const expected = Buffer.alloc(SIZE, 0x5a);
    const wanted = DATA.subarray(position, options.length === undefined ? undefined : position + options.length);
    const bytes = wanted.copy(expected, offset);
    await expect(region.load(FILE, options)).resolves.toMatchObject({ bytes, directBytes: 0 });
    expect(region.bytes().equals(expected)).toBe(true);
  });

  it('takes a URL, a FileHandle and a descriptor, which may be closed meanwhile', async () => {
    using region = allocateSync({ size: SIZE, backing: ['base'] });
    await expect(region.load(pathToFileURL(FILE))).resolves.toMatchObject({ bytes: DATA.length });
    const handle = await open(FILE);
    const loading = region.load(handle);
    await handle.close();
    await expect(loading).resolves.toMatchObject({ bytes: DATA.length });
    const closed = await rejectionOf(region.load(handle));
    expect(closed).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE', message: expect.stringContaining('FileHandle is closed') as string });
    for (let i = 0; i < 20; i++) {
      region.bytes().fill(0);
      const descriptor = openSync(FILE, 'r');
      const again = region.load(descriptor);
      closeSync(descriptor);
      const other = openSync('/dev/null', 'r');
      expect(other).toBe(descriptor);
      await again;
      closeSync(other);
      expect(region.bytes(0, DATA.length).equals(DATA)).toBe(true);
    }
  });

  it('tells its progress, of what the file has', async () => {
    using region = allocateSync({ size: SIZE, backing: ['base'] });
    const calls: TransferProgress[] = [];
    await region.load(FILE, { onProgress: (progress) => calls.push(progress) });
    expect(calls.at(-1)).toEqual({ bytes: DATA.length, totalBytes: DATA.length });
  });

  it('of more than the file has is an error, and changes nothing', async () => {
    using region = allocateSync({ size: SIZE, backing: ['base'] });
    const error = await rejectionOf(region.load(FILE, { length: DATA.length + 1 }));
    const details = { bytes: 0, requestedBytes: DATA.length + 1 };
    expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_MISMATCH', errno: -ENODATA, details });
    expect(region.bytes().equals(Buffer.alloc(SIZE))).toBe(true);
  });

  it('of a file that shrinks meanwhile is an error', async () => {
    using region = allocateSync({ size: TAKES_SECONDS, backing: ['base'], prefault: false });
    const file = within('shrinking');
    writeFileSync(file, '');
    truncateSync(file, TAKES_SECONDS);
    const loading = region.load(file, { threads: 1, onProgress: () => truncateSync(file, 0) });
    expect(await rejectionOf(loading)).toMatchObject({ code: 'ERR_HUGEPAGES_MISMATCH', errno: -ENODATA, syscall: 'pread' });
  });

  it('can be aborted before it starts and on the way', async () => {
    using region = allocateSync({ size: TAKES_SECONDS, backing: ['base'], prefault: false });
    const file = within('sparse');
    writeFileSync(file, '');
    truncateSync(file, TAKES_SECONDS);
    const aborted = { name: 'AbortError', code: 'ABORT_ERR' };
    expect(await rejectionOf(region.load(file, { signal: AbortSignal.abort() }))).toMatchObject({ ...aborted, details: { bytes: 0 } });
    const controller = new AbortController();
    const loading = region.load(file, { threads: 1, signal: controller.signal });
    controller.abort();
    const error = await rejectionOf(loading);
    expect(error).toMatchObject(aborted);
    expect((error as { details: { bytes: number } }).details.bytes).toBeLessThan(TAKES_SECONDS);
    const disposed = region.load(file);
    region.dispose();
    expect(await rejectionOf(disposed)).toMatchObject({ code: 'ERR_HUGEPAGES_DISPOSED' });
  });

  it('of what is no regular file is refused, without waiting for it', async () => {
    using region = allocateSync({ size: SIZE, backing: ['base'] });
    const fifo = within('fifo');
    expect(spawnSync('mkfifo', [fifo]).status).toBe(0);
    for (const [file, errno] of [
      [within('.'), EISDIR],
      [fifo, ESPIPE],
      ['/dev/zero', ESPIPE],
      [within('absent'), ENOENT],
    ] as const) {
      const error = await rejectionOf(region.load(file));
      expect(error).toMatchObject({ name: 'HugePagesError', code: 'ERR_HUGEPAGES_SYSTEM', errno: -errno, details: { file } });
    }
    const writeOnly = openSync(FILE, 'a');
    for (const descriptor of [writeOnly, 2 ** 31 - 1]) {
      expect(await rejectionOf(region.load(descriptor))).toMatchObject({ code: 'ERR_HUGEPAGES_SYSTEM', errno: -EBADF });
    }
    closeSync(writeOnly);
  });

  it('into memory that is not writable is an error', async () => {
    using region = allocateSync({ size: SIZE, backing: ['base'] });
    region.protect('read', BASE_PAGE, BASE_PAGE);
    const error = await rejectionOf(region.load(FILE, { threads: 1 }));
    expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_POPULATE', errno: -EFAULT, syscall: 'pread' });
  });

  const POOL = { pageSize: H, pages: 2 };
  requires({ pool: POOL }).describe('into a hugetlb region', () => {
    withPool(POOL);

    it('takes the pages that it needs and no others', async () => {
      const before = allCounters();
      using region = allocateSync({ size: 2 * H, backing: ['hugetlb'], prefault: false });
      await region.load(FILE, { offset: H, length: 10 });
      expect(delta(before)).toEqual({ [H]: { free: -1, reserved: 1 } });
      expect(region.bytes(H, 10).equals(DATA.subarray(0, 10))).toBe(true);
    });

    it('is an error where a page cannot be had, and no signal', async () => {
      const before = allCounters();
      const region = allocateSync({ size: 4 * H, backing: ['hugetlb'], reserve: false, prefault: false });
      using others = allocateSync({ size: H, backing: ['hugetlb'] });
      const error = await rejectionOf(region.load(FILE, { threads: 1 }));
      expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_POPULATE', errno: -EFAULT, syscall: 'pread' });
      expect(region.bytes(0, H).equals(DATA.subarray(0, H))).toBe(true);
      region.dispose();
      others.dispose();
      expect(delta(before)).toEqual({});
    });
  });
});
