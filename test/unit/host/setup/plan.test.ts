import { describe, expect, it } from 'vitest';
import { parseAccount } from '../../../../lib/host/setup/accounts.js';
import { parsePlan } from '../../../../lib/host/setup/plan.js';
import { GiB, MiB } from '../../../../lib/units.js';
import { errorOf } from '../../../support/thrown.js';
import { TWO_NODES } from '../fixtures.js';

const refusal = (plan: unknown): unknown => errorOf(() => parsePlan(plan, TWO_NODES));

describe('parsePlan', () => {
  it('fills in what was left out', () => {
    expect(parsePlan({}, TWO_NODES)).toEqual({ pools: [], mounts: [], shmGroup: undefined, thp: {} });
    expect(parsePlan({ mounts: [{ path: '/mnt' }] }, TWO_NODES).mounts).toEqual([{ path: '/mnt', pageSize: 2 * MiB }]);
  });

  it('reads sizes, nodes, modes and numbers in text', () => {
    const plan = {
      pools: [
        { pageSize: '2MiB', pages: 512, overcommit: 64 },
        { pageSize: '1G', nodes: { 1: 3, 0: 2 } },
      ],
      mounts: [{ path: '/mnt', pageSize: '1GiB', size: '4GiB', minSize: '1GiB', nrInodes: 10, uid: '7', gid: 8, mode: '1770' }],
      shmGroup: '9',
      thp: { enabled: 'madvise' },
    };
    expect(parsePlan(plan, TWO_NODES)).toEqual({
      pools: [
        { pageSize: 2 * MiB, isDefault: true, pages: 512, overcommit: 64 },
        { pageSize: GiB, isDefault: false, pages: new Map([[0, 2], [1, 3]] as const), overcommit: undefined },
      ],
      mounts: [{ path: '/mnt', pageSize: GiB, size: 4 * GiB, minSize: GiB, nrInodes: 10, uid: 7, gid: 8, mode: 0o1770 }],
      shmGroup: 9,
      thp: { enabled: 'madvise' },
    });
  });

  it.each([
    ['an unknown part', { pool: [] }, 'ERR_INVALID_ARG_VALUE'],
    ['a list that is none', { pools: {} }, 'ERR_INVALID_ARG_TYPE'],
    ['a pool of which nothing is said', { pools: [{ pageSize: '2MiB' }] }, 'ERR_INVALID_ARG_VALUE'],
    ['a negative count', { pools: [{ pageSize: '2MiB', pages: -1 }] }, 'ERR_OUT_OF_RANGE'],
    ['a huge count', { pools: [{ pageSize: '2MiB', pages: 2 ** 53 }] }, 'ERR_OUT_OF_RANGE'],
    ['a page size without a pool', { pools: [{ pageSize: '64KiB', pages: 1 }] }, 'ERR_HUGEPAGES_PAGE_SIZE'],
    ['a pool twice', { pools: [{ pageSize: '2MiB' }, { pageSize: 2 * MiB }] }, 'ERR_INVALID_ARG_VALUE'],
    ['a node that is not there', { pools: [{ pageSize: '2MiB', nodes: { 2: 1 } }] }, 'ERR_OUT_OF_RANGE'],
    ['no node', { pools: [{ pageSize: '2MiB', nodes: {} }] }, 'ERR_OUT_OF_RANGE'],
    ['pages and nodes', { pools: [{ pageSize: '2MiB', pages: 1, nodes: { 0: 1 } }] }, 'ERR_INVALID_ARG_VALUE'],
    ['half a page', { mounts: [{ path: '/mnt', size: '3MiB' }] }, 'ERR_OUT_OF_RANGE'],
    ['more reserved than there may be', { mounts: [{ path: '/mnt', size: '2MiB', minSize: '4MiB' }] }, 'ERR_OUT_OF_RANGE'],
    ['a relative mount point', { mounts: [{ path: 'mnt' }] }, 'ERR_INVALID_ARG_VALUE'],
    ['a mount point twice', { mounts: [{ path: '/mnt' }, { path: '/mnt' }] }, 'ERR_INVALID_ARG_VALUE'],
    ['a mode with set-user-ID', { mounts: [{ path: '/mnt', mode: '7777' }] }, 'ERR_INVALID_ARG_VALUE'],
    ['a mode in decimal', { mounts: [{ path: '/mnt', mode: '0o770' }] }, 'ERR_INVALID_ARG_VALUE'],
    ['an unknown user', { mounts: [{ path: '/mnt', uid: 'nobody-here' }] }, 'ERR_INVALID_ARG_VALUE'],
    ['no id', { shmGroup: 2 ** 32 - 1 }, 'ERR_OUT_OF_RANGE'],
    ['an unknown THP mode', { thp: { enabled: 'sometimes' } }, 'ERR_INVALID_ARG_VALUE'],
  ])('refuses %s', (_, plan, code) => {
    expect(refusal(plan)).toHaveProperty('code', code);
  });
});

describe('parseAccount', () => {
  const PASSWD = 'root:x:0:0:root:/root:/bin/bash\n+::::::\nbroken\ndb:x:1001:1002::/:/bin/sh\n';
  it.each([
    ['root', 0],
    ['db', 1001],
    ['d', undefined],
    ['broken', undefined],
    ['+', undefined],
  ])('%s is %s', (name, id) => {
    expect(parseAccount(PASSWD, name)).toBe(id);
  });
});
