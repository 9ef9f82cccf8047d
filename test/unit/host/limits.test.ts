import { describe, expect, it } from 'vitest';
import { limits, parseCapabilities } from '../../../lib/host/limits.js';
import { parseResourceLimit, parseStatus, parseThpEnabled } from '../../../lib/host/process-status.js';

describe('limits', () => {
  it('says so where /proc is not mounted', () => {
    expect(() => limits({ root: '/nonexistent' })).toThrow(expect.objectContaining({ code: 'ERR_HUGEPAGES_UNSUPPORTED' }) as Error);
  });
});

describe('parseResourceLimit', () => {
  it('tells unlimited from a number of bytes', () => {
    const text = 'Max locked memory    0            65536        bytes\nMax address space    unlimited    unlimited    bytes';
    expect(parseResourceLimit(text, 'Max locked memory')).toEqual({ soft: 0, hard: 65536 });
    expect(parseResourceLimit(text, 'Max address space')).toEqual({ soft: Infinity, hard: Infinity });
  });
});

describe('parseCapabilities', () => {
  it.each([
    ['0000000000000000', false, false, false],
    ['0000000000004000', true, false, false],
    ['0000000000200000', false, true, false],
    ['0000000001000000', false, false, true],
    ['000001ffffffffff', true, true, true],
  ])('reads capabilities %s', (mask, ipcLock, sysAdmin, sysResource) => {
    expect(parseCapabilities(parseStatus(`CapEff:\t${mask}\n`), undefined)).toEqual({ ipcLock, sysAdmin, sysResource });
  });

  it('counts those of the first user namespace only, as the kernel does', () => {
    const status = parseStatus('CapEff:\t000001ffffffffff\n');
    expect(parseCapabilities(status, 'user:[4026531837]')).toEqual({ ipcLock: true, sysAdmin: true, sysResource: true });
    expect(parseCapabilities(status, 'user:[4026532614]')).toEqual({ ipcLock: false, sysAdmin: false, sysResource: false });
  });
});

describe('parseThpEnabled', () => {
  it('does not know THP_enabled on a kernel that does not say', () => {
    expect(parseThpEnabled(parseStatus('CapEff:\t0\n'))).toBeUndefined();
  });
});
