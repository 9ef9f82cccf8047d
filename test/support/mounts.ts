/** A directory for the mounts of a block of tests, and what the kernel says of them: the tests' own readers. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { MOUNTS_PREFIX, unmountBelow } from './test-mounts.mjs';

/** Where a block of tests mounts. */
export interface MountDirectory {
  /** A path in it, where nothing is yet. */
  path(name: string): string;
}

/** Makes a directory for each test of this block. After {@link withPool}: what is mounted is unmounted before the counters are checked. */
export function withMountDirectory(): MountDirectory {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), MOUNTS_PREFIX));
    chmodSync(directory, 0o755);
  });
  afterEach(() => {
    unmountBelow(directory);
    rmSync(directory, { recursive: true });
  });
  return { path: (name) => join(directory, name) };
}

/** How many hugetlbfs file systems are mounted on a path without blanks, on top of each other. */
export function mountCount(path: string): number {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.split(' ')[4] === path && line.includes(' - hugetlbfs ')).length;
}
