/**
 * The recorded trees: every reader gives what the files say, and no file goes unread. What they say is written down here by hand, one file
 * for each machine.
 */
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { KiB } from '../../../../lib/units.js';
import { fixture } from '../fixtures.js';
import { arm64 } from './arm64.js';
import { cgroupV1 } from './cgroup-v1.js';
import { cgroupV2 } from './cgroup-v2.js';
import { containerized } from './container.js';
import { fourNodes } from './four-nodes.js';
import { noHugetlb } from './no-hugetlb.js';
import { READERS } from './readings.js';
import type { Reader, Readings } from './readings.js';
import { thpNever } from './thp-never.js';
import { twoNodes } from './two-nodes.js';

const MACHINES: Readonly<Record<string, Readings>> = {
  arm64,
  'cgroup-v1': cgroupV1,
  'cgroup-v2': cgroupV2,
  container: containerized,
  'four-nodes': fourNodes,
  'no-hugetlb': noHugetlb,
  'thp-never': thpNever,
  'two-nodes': twoNodes,
};

describe.each(Object.entries(MACHINES))('%s', (name, readings) => {
  it.each(Object.keys(READERS) as Reader[])('%s()', (reader) => {
    expect(READERS[reader](fixture(name))).toEqual(readings[reader]);
  });

  it('counts the same pages everywhere', () => {
    const meminfo = readFileSync(join(fixture(name).root, 'proc/meminfo'), 'utf8');
    const field = (text: string): number | undefined => {
      const found = new RegExp(`^${text}: +(\\d+)`, 'm').exec(meminfo)?.[1];
      return found === undefined ? undefined : Number(found);
    };
    const { pools } = readings;
    const byDefault = pools.find(({ isDefault }) => isDefault);
    expect(['Total', 'Free', 'Rsvd', 'Surp'].map((counter) => field(`HugePages_${counter}`))).toEqual(
      byDefault === undefined ? Array(4).fill(undefined) : [byDefault.total, byDefault.free, byDefault.reserved, byDefault.surplus],
    );
    const kib = pools.reduce((sum, { pageSize, total }) => sum + (pageSize / KiB) * total, 0);
    expect(field('Hugetlb') ?? 0).toBe(kib);
    for (const { perNode, total, free, surplus } of pools.filter((pool) => pool.perNode.length > 0)) {
      const sum = (counter: 'total' | 'free' | 'surplus'): number => perNode.reduce((all, node) => all + node[counter], 0);
      expect({ total: sum('total'), free: sum('free'), surplus: sum('surplus') }).toEqual({ total, free, surplus });
    }
  });

  it('has no number that no reader reads', () => {
    const root = mkdtempSync(join(tmpdir(), 'hugepages-test-'));
    try {
      cpSync(fixture(name).root, root, { recursive: true, verbatimSymlinks: true });
      const unread = numbersBelow(root).filter((file) => {
        const text = readFileSync(file, 'utf8');
        writeFileSync(file, text === '0\n' ? '1\n' : '0\n');
        const readers = Object.keys(READERS) as Reader[];
        const changed = readers.some((reader) => !isDeepStrictEqual(READERS[reader]({ root }), readings[reader]));
        writeFileSync(file, text);
        return !changed;
      });
      expect(unread.map((file) => relative(root, file))).toEqual([]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

/** The files that hold one number, or no limit. */
function numbersBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => /^(\d+|max)\n$/.test(readFileSync(file, 'utf8')));
}
