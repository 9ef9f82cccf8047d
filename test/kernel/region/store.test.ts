/** store(): what the file holds afterwards, how it is opened, and what is refused. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { allocateSync, mount } from '../../../lib/index.js';
import { runChild } from '../../support/child.js';
import { temporaryFolder } from '../../support/files.js';
import { withMountDirectory } from '../../support/mounts.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { rejectionOf } from '../../support/thrown.js';

const { EBADF, EEXIST, EFAULT, EFBIG, EINVAL, ENOENT, ENOSPC } = constants.errno;
const SIZE = 2 ** 20;
const DATA = randomBytes(SIZE);
const EARLIER = Buffer.alloc(100, 'earlier');

const within = temporaryFolder();
const FILE = within('stored');
const CHILD = new URL('children/store.mjs', import.meta.url);

function filled(): ReturnType<typeof allocateSync> {
  const region = allocateSync({ size: SIZE, backing: ['base'] });
  DATA.copy(region.bytes());
  return region;
}

describe('store', () => {
  it.each([
    {},
    { threads: 1 },
    { offset: 77 },
    { position: 12345, threads: 3 },
    { offset: 100, length: 1 },
    { length: 0 },
    { offset: SIZE },
  ])('makes the file of exactly the bytes: %o', async (options) => {
    using region = filled();
    const { offset = 0, position = 0, length = SIZE - offset } = options as { offset?: number; position?: number; length?: number };
    writeFileSync(FILE, EARLIER);
    await expect(region.store(FILE, options)).resolves.toMatchObject({ bytes: length, directBytes: 0 });
    const expected = length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.alloc(position), DATA.subarray(offset, offset + length)]);
    expect(readFileSync(FILE).equals(expected)).toBe(true);
    rmSync(FILE);
  });

  it("opens a path as its flag says, which is 'w'", async () => {
    using region = filled();
    await region.store(FILE, { length: 3 });
    writeFileSync(within('made by Node.js'), '');
    expect(statSync(FILE).mode).toBe(statSync(within('made by Node.js')).mode);
    expect(await rejectionOf(region.store(FILE, { flag: 'wx' }))).toMatchObject({ code: 'ERR_HUGEPAGES_EXISTS', errno: -EEXIST });
    await region.store(FILE, { flag: 'r+', offset: 3, position: 2, length: 2 });
    expect(readFileSync(FILE).equals(Buffer.concat([DATA.subarray(0, 2), DATA.subarray(3, 5)]))).toBe(true);
    rmSync(FILE);
    expect(await rejectionOf(region.store(FILE, { flag: 'r+' }))).toMatchObject({ code: 'ERR_HUGEPAGES_SYSTEM', errno: -ENOENT });
    await expect(region.store(FILE, { flag: 'wx' })).resolves.toMatchObject({ bytes: SIZE });
    rmSync(FILE);
  });

  it('leaves what else is in an open file, and its offset', async () => {
    using region = filled();
    writeFileSync(FILE, EARLIER);
    const descriptor = openSync(FILE, 'r+');
    await region.store(descriptor, { position: 10, length: 5 });
    closeSync(descriptor);
    const expected = Buffer.from(EARLIER);
    DATA.copy(expected, 10, 0, 5);
    expect(readFileSync(FILE).equals(expected)).toBe(true);
  });

  it('refuses a file that only appends or only reads, and leaves it', async () => {
    using region = filled();
    writeFileSync(FILE, EARLIER);
    for (const [flag, expected] of [
      ['a', { code: 'ERR_HUGEPAGES_UNSUPPORTED', errno: -EINVAL }],
      ['r', { code: 'ERR_HUGEPAGES_SYSTEM', errno: -EBADF }],
    ] as const) {
      const descriptor = openSync(FILE, flag);
      expect(await rejectionOf(region.store(descriptor))).toMatchObject(expected);
      closeSync(descriptor);
    }
    expect(readFileSync(FILE).equals(EARLIER)).toBe(true);
  });

  it('of memory that cannot be read is an error', async () => {
    using region = filled();
    region.protect('none', BASE_PAGE, BASE_PAGE);
    expect(await rejectionOf(region.store(FILE))).toMatchObject({ code: 'ERR_HUGEPAGES_POPULATE', errno: -EFAULT, syscall: 'pwrite' });
  });

  it('beyond RLIMIT_FSIZE is an error, and no signal', async () => {
    const { json, ...ended } = await runChild(CHILD, [FILE, SIZE], { within: ['sh', '-c', 'ulimit -f 500; exec "$@"', 'sh'] });
    expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
    expect(json).toMatchObject({ code: 'ERR_HUGEPAGES_SYSTEM', errno: -EFBIG });
  });

  requires({ root: true, program: 'unshare' }).it('on a full disk is an error that says how far it came', async () => {
    const folder = within('.');
    const script = `mount -t tmpfs -o size=512K none ${folder} && exec "$@"`;
    const { json, ...ended } = await runChild(CHILD, [FILE, SIZE], { within: ['unshare', '-m', 'sh', '-c', script, 'sh'] });
    expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
    expect(json).toMatchObject({ code: 'ERR_HUGEPAGES_SYSTEM', errno: -ENOSPC, remedy: expect.stringContaining('make room') as string });
    expect((json as { details: { bytes: number } }).details.bytes).toBeLessThan(SIZE);
  });

  const POOL = { pageSize: H, pages: 2 };
  requires({ pool: POOL }).describe('and files of hugetlbfs', () => {
    withPool(POOL);
    const directory = withMountDirectory();

    it('of a new name are not made', async () => {
      const path = directory.path('m');
      mount({ path });
      using region = filled();
      for (const flag of ['w', 'wx'] as const) {
        expect(await rejectionOf(region.store(`${path}/new`, { flag }))).toMatchObject({ code: 'ERR_HUGEPAGES_UNSUPPORTED' });
      }
      expect(readdirSync(path)).toEqual([]);
    });

    it('are refused with what to do instead, and can be loaded from', async () => {
      using object = allocateSync({ size: H, backing: ['hugetlb'], source: 'memfd', name: 'hugepages-store-test' });
      object.bytes().fill(0x5a);
      const link = (name: string): string => `/proc/self/fd/${name}`;
      const isOurs = (name: string): boolean => {
        try {
          return readlinkSync(link(name)).includes('hugepages-store-test');
        } catch {
          return false; // that of the listing itself
        }
      };
      const file = link(readdirSync('/proc/self/fd').find(isOurs) ?? '');
      using region = filled();
      for (const flag of ['w', 'r+'] as const) {
        const error = await rejectionOf(region.store(file, { flag }));
        expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_UNSUPPORTED', errno: -EINVAL, syscall: 'pwrite' });
        expect(String(error)).toContain('load() into it');
      }
      expect(object.bytes(0, 3)).toEqual(Buffer.alloc(3, 0x5a));
      await expect(region.load(file)).resolves.toMatchObject({ bytes: SIZE });
      expect(region.bytes().equals(Buffer.alloc(SIZE, 0x5a))).toBe(true);
    });
  });
});
