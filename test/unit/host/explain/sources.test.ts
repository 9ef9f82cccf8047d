/** The rules of files and segments, of which a test machine reaches few. */
import { describe, expect, it } from 'vitest';
import type { Request } from '../../../../lib/host/explain/types.js';
import { parseMounts } from '../../../../lib/host/mounts/mounts.js';
import type { Place } from '../../../../lib/host/mounts/place.js';
import type { Segment } from '../../../../lib/host/segments.js';
import { GiB, MiB } from '../../../../lib/units.js';
import { ANONYMOUS, BASE, H, base, codes, huge, reasons } from './questions.js';
import type { Changes } from './questions.js';

type Source = Request['source'];
type Limits = NonNullable<Changes['limits']>;
const shared = (source: Partial<Source>): Partial<Request> => ({ shared: true, source: { ...ANONYMOUS, ...source } });
const enough = { total: 8, free: 8, reserved: 0, surplus: 0, overcommit: 0 };

describe('a segment', () => {
  const KEY = 0x4711;
  const owner = { uid: 1000, gid: 1000, creatorUid: 1000, creatorGid: 1000, creatorPid: 4711, attachments: 0 };
  const there: Segment = { id: 7, key: KEY, mode: 0o600, size: 2 * H, presentBytes: 0, ...owner };
  const segment = (source: Partial<Source> = {}): Partial<Request> => shared({ kind: 'sysv', key: KEY, persistent: true, ...source });
  const adopt = segment({ adopt: true });
  const user = (uid: number, groups: readonly number[] = []): Limits => ({ uid, groups, mayMakeHugetlbShm: true });
  const having = (found: Partial<Segment> | undefined, limits: Limits = user(0)): Changes => ({
    pool: enough,
    limits,
    segments: { segments: found === undefined ? [] : [{ ...there, ...found }], most: 4096 },
  });

  it.each<[what: string, changes: Changes, request: Partial<Request>, refused: string[]]>([
    ['is made where its key is free', having(undefined), segment(), []],
    ['is not made where it is there', having({}), segment(), ['make: exists']],
    ['is made beside those of no key', having({ key: 0 }), segment({ key: 0 }), []],
    ['is adopted', having({}), adopt, []],
    ['of a part of a page is adopted with the whole of it', having({ size: 2 * H - 1 }), adopt, []],
    ['of another size is not adopted', having({ size: 3 * H }), adopt, ['make: other-size']],
    ['of huge pages is adopted', { ...having({}), segmentPageSize: H }, adopt, []],
    ['of base pages is not adopted', { ...having({}), segmentPageSize: BASE }, adopt, ['make: other-page-size']],
    ['of its user is adopted', having({}, user(1000)), adopt, []],
    ['of another user is not adopted', having({}, user(1001)), adopt, ['make: no-access']],
    ['of its group is adopted', having({ mode: 0o660 }, user(1001, [1000])), adopt, []],
    ['that its group may only read is not adopted', having({ mode: 0o640 }, user(1001, [1000])), adopt, ['make: no-access']],
    ['of everybody is adopted', having({ mode: 0o606 }, user(1001)), adopt, []],
    ['of everybody but its group is not adopted by that', having({ mode: 0o606 }, user(1001, [1000])), adopt, ['make: no-access']],
  ])('%s', (_, changes, request, refused) => {
    expect(codes(huge(2), changes, request)).toEqual(refused);
  });

  it.each<[what: string, within: Changes, beyond: Changes, refused: string]>([
    ['kernel.shmmax', { limits: { shmmax: 2 * H } }, { limits: { shmmax: 2 * H - 1 } }, 'make: shmmax'],
    ['kernel.shmall', { limits: { shmall: 1024 } }, { limits: { shmall: 1023 } }, 'make: shmall'],
    [
      'kernel.shmmni',
      { segments: { segments: [there], most: 2 } },
      { segments: { segments: [there, there], most: 2 } },
      'make: shmmni',
    ],
    ['vm.hugetlb_shm_group', { limits: { mayMakeHugetlbShm: true } }, { limits: { mayMakeHugetlbShm: false } }, 'make: shm-group'],
    ['the pool, by shmget(2)', { pool: { ...enough, free: 2 } }, { pool: { ...enough, free: 1 } }, 'make: pool-too-small'],
  ])('is limited by %s', (_, within, beyond, refused) => {
    const asked = segment({ key: 1 });
    const at = ({ limits, ...changes }: Changes): string[] =>
      codes(huge(2), { pool: enough, ...changes, limits: { ...user(0), ...limits } }, asked);
    expect(at(within)).toEqual([]);
    expect(at(beyond)).toEqual([refused]);
  });

  it('that is adopted is charged for the pages that it has not', () => {
    const level = { path: '/a', directory: '/a', limit: H, usage: 0, reservedLimit: Infinity, reservedUsage: 0 };
    const hugetlb = [{ pageSize: H, version: 2, readOnly: false, levels: [level] }] as const;
    const present = (rss: number, major: number, minor: number): string[] =>
      codes(huge(2), { ...having({ presentBytes: rss }), cgroups: { hugetlb }, kernel: { major, minor } }, adopt);
    expect(present(0, 6, 6)).toEqual(['populate: cgroup-pages']);
    expect(present(H, 6, 6)).toEqual([]);
    // Where a page is counted for each of its base pages.
    expect(present(512 * H, 6, 7)).toEqual([]);
    expect(present(H, 6, 7)).toEqual(['populate: cgroup-pages']);
  });

  it('of base pages asks nothing of a group', () => {
    expect(codes(base(BASE), { limits: { mayMakeHugetlbShm: false } }, segment())).toEqual([]);
  });

  it('that is adopted has its limits behind it', () => {
    const limits = { uid: 0, groups: [0], mayMakeHugetlbShm: false, shmmax: 1, shmall: 1 };
    expect(codes(huge(2), { ...having({}, limits), pool: { ...enough, free: 0 } }, adopt)).not.toContainEqual(expect.stringMatching(/shm/));
  });
});

describe('a file', () => {
  const PATH = '/mnt/huge/file';
  const mounted: Place = {
    ...{ directory: '/mnt/huge', obstacle: undefined, pageSize: H, refusal: undefined },
    ...{ pages: undefined, inodes: undefined, mount: undefined, keptPages: 0, found: undefined },
  };
  const there = { isFile: true, byteLength: 2 * H, allocatedBytes: 0, refusal: undefined };
  const file = (source: Partial<Source> = {}): Partial<Request> => shared({ kind: 'file', path: PATH, persistent: true, ...source });
  const adopt = file({ adopt: true });
  const at = (place: Partial<Place>): Changes => ({ pool: enough, place: { ...mounted, ...place } });

  it('on a mount that forgets what it keeps is told so where the pool refuses', () => {
    const [mount] = parseMounts('1 0 0:1 / /mnt/huge rw - hugetlbfs none rw,pagesize=2M,size=8192K,min_size=4096K');
    const place = { ...mounted, mount, keptPages: 2 };
    const short = { ...enough, free: 2, reserved: 2, overcommit: 0 };
    expect(codes(huge(4), { pool: enough, place }, file())).toEqual([]);
    expect(codes(huge(4), { pool: short, place }, file())).toEqual(['map: pool-too-small', 'map: mount-forgets']);
    for (const size of ['size=8192K', 'min_size=4096K']) {
      const [other] = parseMounts(`1 0 0:1 / /mnt/huge rw - hugetlbfs none rw,pagesize=2M,${size}`);
      expect(codes(huge(4), { pool: short, place: { ...place, mount: other } }, file())).toEqual(['map: pool-too-small']);
    }
    // What is not reserved takes nothing that the mount would lose.
    expect(codes(huge(4), { pool: short, place }, { ...file(), reserve: false })).toEqual(['populate: pool-too-small']);
  });

  it.each<[what: string, place: Partial<Place>, request: Partial<Request>, refused: string[]]>([
    ['is made', {}, file(), []],
    ['is not made where it is there', { found: there }, file(), ['make: exists']],
    ['is not made in the place of a directory', { directory: PATH }, file(), ['make: exists']],
    ['is made without a name in a directory', { directory: PATH }, file({ persistent: false }), []],
    ['is adopted', { found: there }, adopt, []],
    ['of another size is not adopted', { found: { ...there, byteLength: H } }, adopt, ['make: other-size']],
    ['of others is not adopted', { found: { ...there, refusal: 'EACCES' } }, adopt, ['make: no-access']],
    ['that is none is not adopted', { found: { ...there, isFile: false } }, adopt, ['make: no-file']],
    ['needs its directory', { obstacle: 'ENOENT' }, file(), ['make: no-directory']],
    ['needs a way to its directory', { obstacle: 'EACCES' }, file(), ['make: no-access']],
    ['needs hugetlbfs', { pageSize: undefined }, file(), ['make: not-hugetlbfs']],
    ['needs that page size', { pageSize: GiB }, file(), ['make: other-page-size']],
    ['is not made by who may not write', { refusal: 'EACCES' }, file(), ['make: no-access']],
    ['is not made on a read-only mount', { refusal: 'EROFS' }, file(), ['make: read-only']],
    ['is adopted by who may not write to its directory', { refusal: 'EACCES', found: there }, adopt, []],
    ['takes an inode', { inodes: { total: 2, free: 1 } }, file(), []],
    ['is not made without an inode', { inodes: { total: 2, free: 0 } }, file(), ['make: mount-inodes']],
    ['fits into its mount', { pages: { total: 4, free: 2 } }, file(), []],
    ['does not fit into its mount', { pages: { total: 4, free: 1 } }, file(), ['map: mount-size']],
    ['does not fit when it is touched', { pages: { total: 4, free: 1 } }, { ...file(), reserve: false }, ['populate: mount-size']],
    ['that has its pages takes none', { pages: { total: 2, free: 0 }, found: { ...there, allocatedBytes: 2 * H } }, adopt, []],
  ])('%s', (_, place, request, refused) => {
    expect(codes(huge(2), at(place), request)).toEqual(refused);
  });

  it.each(['ENOENT', 'ENOTDIR', 'EACCES'])('whose directory cannot be looked at (%s) has a way to another', (obstacle) => {
    expect(reasons(huge(2), at({ obstacle }), file())[0]?.remedy?.sentence).toContain('hugepages mount');
  });

  it('ends at RLIMIT_FSIZE, unless it is adopted', () => {
    const limited = (soft: number): Changes => ({ ...at({}), fileSize: { soft, hard: Infinity } });
    expect(codes(huge(2), limited(4 * MiB), file())).toEqual([]);
    expect(codes(huge(2), limited(4 * MiB - 1), file())).toEqual(['make: rlimit-file-size']);
    expect(codes(huge(2), { ...at({ found: there }), fileSize: { soft: 0, hard: 0 } }, adopt)).toEqual([]);
  });

  it.each([
    ['unlimited', Infinity],
    [String(GiB), GiB],
  ])('has RLIMIT_FSIZE raised to %s', (limit, hard) => {
    const changes = { ...at({}), fileSize: { soft: 0, hard } };
    expect(reasons(huge(2), changes, file())[0]?.remedy?.command).toBe(`prlimit --pid $$ --fsize=${limit}`);
  });
});
