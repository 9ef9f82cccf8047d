import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderDiagnosis } from '../../../lib/cli/explain.js';
import type { AllocateOptions } from '../../../lib/index.js';
import { explain } from '../../../lib/region/explain.js';
import { fixture } from '../host/fixtures.js';

function text(machine: string, options: AllocateOptions): string {
  return stripVTControlCharacters(renderDiagnosis(explain(options, fixture(machine))).join('\n'));
}

describe('renderDiagnosis', () => {
  it('says why nothing else is tried after a page size that the machine lacks', () => {
    expect(text('cgroup-v2', { size: '64MiB', pageSize: '3MiB' })).toBe(`No: it would fail.

hugetlb, 3MiB pages: ruled out
  1. This machine has no hugetlb pool of 3MiB pages; it has: 2MiB, 1GiB
     Fails when it is mapped.
     Take one of those, or 'default', or 'largest'

thp, 2MiB pages: not tried: a page size that does not exist is an error

base, 4KiB pages: not tried: a page size that does not exist is an error`);
  });

  it('names no page size where there are no such pages', () => {
    const lines = text('no-hugetlb', { size: '64MiB' }).split('\n');
    expect(lines[0]).toBe('Yes: 64MiB on 2MiB transparent huge pages.');
    expect(lines).toContain('hugetlb: ruled out');
    expect(lines).toContain('base, 4KiB pages: possible');
  });

  it('says once what stays so from one step to the next', () => {
    const reason = { code: 'pool-nodes', error: 'ERR_HUGEPAGES_NO_MEMORY', message: 'They have 0', details: {} } as const;
    const reasons = [
      { ...reason, step: 'map' },
      { ...reason, step: 'populate' },
    ] as const;
    const hugetlb = { backing: 'hugetlb', pageSize: 2 ** 21, byteLength: 2 ** 21, possible: false, reasons } as const;
    expect(renderDiagnosis({ possible: false, candidates: [hugetlb] }).slice(3)).toEqual([
      '  1. They have 0',
      '     Fails when it is mapped and when its pages are populated.',
    ]);
  });
});
