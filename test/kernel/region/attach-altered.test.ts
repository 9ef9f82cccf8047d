/** Region.attach() of what share() has not made, or not like that: refused, and nothing stays mapped. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Region } from '../../../lib/index.js';
import type { RegionToken, SharedObject } from '../../../lib/index.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPeer } from '../../support/peer.js';
import { shareable } from '../../support/sharing.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';
import { foreign, forged } from '../../support/tokens.js';

const SIZE = 2 * BASE_PAGE;
const REFUSED = { name: 'HugePagesError', code: 'ERR_HUGEPAGES_TOKEN' };

function saying(text: string): object {
  return { message: expect.stringContaining(text) as string };
}

describe('a token that was altered', () => {
  const change = (token: RegionToken, object: Partial<SharedObject>): RegionToken =>
    forged(token, { object: { ...token.object, ...object } });

  it.each(['memfd', 'sysv'] as const)('%s: is refused in each field', (source) => {
    using region = shareable({ source });
    const token = foreign(region.share());
    const { object } = token;
    const altered: Partial<Record<keyof RegionToken, unknown>>[] = [
      ...[{ process: '1'.repeat(32) }, { id: 'a' }, { byteLength: BASE_PAGE }, { byteLength: 2 * SIZE }, { pageSize: 2 * BASE_PAGE }],
      ...[{ backing: 'thp', pageSize: H }, { backing: 'hugetlb' }, { source: 'file' }, { seals: ['seal'] }, { object: undefined }],
      ...[{ identity: '' }, { pid: 1 }, { fd: 0 }, { shmid: 0 }, { namespace: '' }].map((part) => ({ object: { ...object, ...part } })),
      ...[{ object: { ...object, path: '/' } }, { check: '' }, { check: `${token.check}=` }],
    ];
    for (const changes of altered) {
      const error = errorOf(() => Region.attach({ ...token, ...changes } as RegionToken));
      expect(error, JSON.stringify(changes)).toMatchObject({ ...REFUSED, ...saying('The token is altered') });
    }
    Region.attach({ ...token }).dispose();
  });

  it.each(['memfd', 'sysv'] as const)('%s: is refused where somebody made it up, and nothing stays mapped', (source) => {
    using region = shareable({ source });
    using other = shareable({ source });
    const token = foreign(region.share());
    const { shmid, fd } = other.share().object ?? {};
    const altered: RegionToken[] = [
      { ...token, byteLength: BASE_PAGE },
      { ...token, byteLength: SIZE + BASE_PAGE },
      { ...token, byteLength: SIZE + 1 },
      { ...token, byteLength: 2 ** 40 },
      { ...token, pageSize: 2 * SIZE },
      { ...token, pageSize: 1 },
      { ...token, pageSize: 3 * BASE_PAGE },
      { ...token, backing: 'hugetlb' },
      { ...token, backing: 'hugetlb', pageSize: H, byteLength: H },
      { ...token, source: 'anonymous' },
      { ...token, source: source === 'sysv' ? 'memfd' : 'sysv' },
      { ...token, source: 'file' },
      change(token, { identity: '' }),
      change(token, { identity: `${token.object?.identity ?? ''}0` }),
      change(token, { identity: token.object?.identity.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) ?? '' }),
      change(token, { namespace: 'pid:[1]' }),
      change(token, { path: '/dev/null' }),
      change(token, { path: '/nowhere/at/all' }),
      change(token, source === 'sysv' ? { shmid: shmid ?? 0 } : { fd: fd ?? 0 }),
      change(token, source === 'sysv' ? { shmid: 2 ** 31 - 1 } : { fd: 2 ** 20 }),
      ...(source === 'memfd'
        ? [{ fd: 0 }, { pid: process.ppid }, { pid: 2 ** 22 + 1 }].map((to) => change({ ...token, seals: [] }, to))
        : []),
      ...(source === 'memfd' ? [{ ...token, seals: ['write'] as const }] : []),
    ];
    for (const wrong of altered) {
      for (const access of ['read', 'read-write'] as const) {
        const error = errorOf(() => Region.attach(forged(wrong, {}), { access }));
        expect(error, JSON.stringify(wrong)).toMatchObject({ ...REFUSED, remedy: expect.any(String) as string });
      }
    }
    Region.attach(token).dispose();
  });

  it('is refused in this process as well', () => {
    using region = shareable();
    const token = region.share();
    const object = { identity: '', path: '/' };
    const changes = [{ object: undefined }, { object }, { backing: 'thp' }, { source: 'file' }, { seals: ['write'] }, { byteLength: 1 }];
    for (const altered of changes) {
      for (const wrong of [{ ...token, ...altered } as RegionToken, forged(token, altered)]) {
        expect(errorOf(() => Region.attach(wrong)), JSON.stringify(wrong)).toMatchObject(REFUSED);
      }
    }
  });

  it('is the region itself, or a copy of it', () => {
    using region = shareable();
    const expected = { code: 'ERR_INVALID_ARG_TYPE', ...saying('region.share() returned, and not the region itself') };
    for (const wrong of [region, structuredClone(region), JSON.parse(JSON.stringify(region))] as RegionToken[]) {
      expect(errorOf(() => Region.attach(wrong))).toMatchObject(expected);
    }
    const extra = { ...region.share(), extra: 1 };
    expect(errorOf(() => Region.attach(extra))).toMatchObject(saying('"token.extra" argument is no field here'));
  });

  it.each([
    ['memfd', 'PID', 'Hand it over with region.sendTo()'],
    ['sysv', 'IPC', "Allocate with source: 'memfd'"],
  ] as const)('%s: names the other namespace, and the way around it', (source, namespace, remedy) => {
    using region = shareable({ source });
    const error = errorOf(() => Region.attach(change(foreign(region.share()), { namespace: 'pid:[1]' })));
    expect(error).toMatchObject({ ...REFUSED, remedy: expect.stringContaining(remedy) as string });
    expect((error as Error).message).toContain(`${namespace} namespace`);
  });

  it('is one from before the region was resized', () =>
    withPeer(async (peer) => {
      using region = shareable();
      const before = region.share();
      for (const size of [2 * SIZE, BASE_PAGE]) {
        region.resize(size);
        const stale = { ...REFUSED, ...saying('resized') };
        expect(errorOf(() => Region.attach(before))).toMatchObject(stale);
        expect(await rejectionOf(peer.ask('attach', before))).toMatchObject(stale);
        expect(await peer.ask('attach', region.share())).toMatchObject({ byteLength: size });
      }
    }));

  it('never opens what is no file', () => {
    const directory = mkdtempSync(join(tmpdir(), 'hugepages-attach-'));
    try {
      writeFileSync(join(directory, 'file'), Buffer.alloc(SIZE));
      symlinkSync(join(directory, 'file'), join(directory, 'link'));
      using region = shareable();
      for (const path of ['/dev/zero', '/proc/self/mem', directory, join(directory, 'file'), join(directory, 'link')]) {
        expect(errorOf(() => Region.attach(change(foreign(region.share()), { path })))).toMatchObject(REFUSED);
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
