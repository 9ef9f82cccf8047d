/** Ordinary files for a block of tests, in a folder that goes with it. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

/** @returns the path of a name in a folder of this block's own */
export function temporaryFolder(): (name: string) => string {
  const folder = mkdtempSync(path.join(tmpdir(), 'hugepages-test-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  return (name) => path.join(folder, name);
}

/** Writes a file of random bytes. @returns them */
export function writeRandom(file: string, bytes: number): Buffer {
  const data = randomBytes(bytes);
  writeFileSync(file, data);
  return data;
}
