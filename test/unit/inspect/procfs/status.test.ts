import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProcessStatus } from '../../../../lib/inspect/procfs/status.js';
import { KiB, MiB } from '../../../../lib/units.js';

const FIELDS = [
  ...['Umask:\t0022', 'State:\tS (sleeping)', 'Tgid:\t42', 'Pid:\t42', 'PPid:\t7', 'Uid:\t1000\t1001\t1000\t1000'],
  ...['Gid:\t100\t101\t100\t100', 'VmSize:\t    9000 kB', 'VmRSS:\t    1500 kB', 'HugetlbPages:\t    4096 kB\n'],
].join('\n');

describe('parseProcessStatus', () => {
  it('reads who it is and what it has', () => {
    expect(parseProcessStatus(`Name:\tpostgres: a b\n${FIELDS}`)).toEqual({
      ...{ name: 'postgres: a b', state: 'S', parent: 7, uid: 1001, gid: 101, hasAddressSpace: true },
      ...{ mapped: 9000 * KiB, resident: 1500 * KiB, hugetlb: 4 * MiB },
    });
  });

  it('a kernel thread has no address space', () => {
    const text = 'Name:\tkworker/0:1-events\nState:\tI (idle)\nPid:\t9\nPPid:\t2\nUid:\t0\t0\t0\t0\n';
    expect(parseProcessStatus(text)).toMatchObject({ hasAddressSpace: false, mapped: 0, resident: 0, hugetlb: 0 });
  });

  it('no name passes for a field, nor for two lines', () => {
    const text = 'Name:\ta\\nb\\\\n\rVmSize:\t1 kB\u2028Gid:\t5\nState:\tZ (zombie)\n';
    expect(parseProcessStatus(text)).toMatchObject({ name: 'a\nb\\n\rVmSize:\t1 kB\u2028Gid:\t5', hasAddressSpace: false, gid: 0 });
  });

  it('reads every name back', () => {
    const escape = (name: string): string => name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
    const names = fc.string({ unit: 'binary', maxLength: 15 }).map((name) => name.replaceAll('\0', '\n'));
    fc.assert(
      fc.property(names, (name) => {
        const status = parseProcessStatus(`Name:\t${escape(name)}\n${FIELDS}`);
        return status.name === name && status.hugetlb === 4 * MiB;
      }),
    );
  });

  it('agrees with the process that reads itself', () => {
    const { name, parent, uid } = parseProcessStatus(readFileSync('/proc/self/status', 'utf8'));
    expect({ name: `${name}\n`, parent, uid }).toEqual({
      ...{ name: readFileSync('/proc/self/comm', 'utf8'), parent: process.ppid, uid: process.geteuid?.() },
    });
  });
});
