/** The recorded trees: every reader gives what the files say. What they say is written down here by hand, one file for each machine. */
import { describe, expect, it } from 'vitest';
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

const MACHINES: Readonly<Record<string, Readings>> = {
  arm64,
  'cgroup-v1': cgroupV1,
  'cgroup-v2': cgroupV2,
  container: containerized,
  'four-nodes': fourNodes,
  'no-hugetlb': noHugetlb,
  'thp-never': thpNever,
};

describe.each(Object.entries(MACHINES))('%s', (name, readings) => {
  it.each(Object.keys(READERS) as Reader[])('%s()', (reader) => {
    expect(READERS[reader](fixture(name))).toEqual(readings[reader]);
  });
});
