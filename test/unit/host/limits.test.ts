import { describe, expect, it } from 'vitest';
import { limits, parseMemlock, parseStatus } from '../../../lib/host/limits.js';
import { MiB } from '../../../lib/units.js';
import { TWO_NODES } from './fixtures.js';

describe('limits', () => {
  it('reads the limits of the process', () => {
    expect(limits(TWO_NODES)).toEqual({
      memlock: { soft: 64 * MiB, hard: Infinity },
      capabilities: { ipcLock: true, sysAdmin: false },
      allowedCpus: [0, 1, 2, 3, 8, 9, 10, 11],
      allowedMems: [0],
      thpEnabled: false,
      hugetlbShmGroup: 1001,
      shmmax: Infinity,
      shmall: Infinity,
    });
  });

  it('says so where /proc is not mounted', () => {
    expect(() => limits({ root: '/nonexistent' })).toThrow(expect.objectContaining({ code: 'ERR_HUGEPAGES_UNSUPPORTED' }) as Error);
  });
});

describe('parseMemlock', () => {
  it('tells unlimited from a number of bytes', () => {
    expect(parseMemlock('Max locked memory    unlimited    unlimited    bytes')).toEqual({ soft: Infinity, hard: Infinity });
    expect(parseMemlock('Max locked memory    0            65536        bytes')).toEqual({ soft: 0, hard: 65536 });
  });
});

describe('parseStatus', () => {
  it.each([
    ['0000000000000000', false, false],
    ['0000000000004000', true, false],
    ['0000000000200000', false, true],
    ['000001ffffffffff', true, true],
  ])('reads capabilities %s', (mask, ipcLock, sysAdmin) => {
    expect(parseStatus(`CapEff:\t${mask}\n`).capabilities).toEqual({ ipcLock, sysAdmin });
  });

  it('does not know THP_enabled on a kernel that does not say', () => {
    expect(parseStatus('CapEff:\t0\n').thpEnabled).toBeUndefined();
  });
});
