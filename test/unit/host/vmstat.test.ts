import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { parseVmstat, vmstat } from '../../../lib/host/vmstat.js';

describe('parseVmstat', () => {
  it('takes what has to do with huge pages', () => {
    const text = 'nr_free_pages 11\nhtlb_buddy_alloc_success 3\nthp_fault_alloc 0\ncompact_stall 7\nnr_anon_transparent_hugepages 2\n';
    expect(parseVmstat(text)).toEqual({
      htlb_buddy_alloc_success: 3,
      thp_fault_alloc: 0,
      compact_stall: 7,
    });
  });

  it('reads back every counter', () => {
    const rest = fc.string({ unit: fc.constantFrom('a', 'z', '_', '9'), minLength: 1, maxLength: 20 });
    const name = fc.tuple(fc.constantFrom('htlb_', 'thp_', 'compact_'), rest).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.dictionary(name, fc.maxSafeNat(), { noNullPrototype: true }), (counters) => {
        const lines = Object.entries(counters).map(([counter, value]) => `${counter} ${String(value)}\n`);
        expect(parseVmstat(lines.join(''))).toEqual(counters);
      }),
    );
  });
});

describe('vmstat', () => {
  it('is empty where procfs is not mounted', () => {
    expect(vmstat({ root: '/nonexistent' })).toEqual({});
  });
});
