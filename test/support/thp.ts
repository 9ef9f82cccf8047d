/** Machine-wide settings of transparent huge pages for a block of tests. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';
import { selected } from './kernel-text.js';

/** Files of /sys/kernel/mm/transparent_hugepage. */
export type ThpSetting = 'enabled' | 'defrag' | 'shmem_enabled';

/** Sets them for the tests of this block, and puts them back. Needs root. */
export function withThp(settings: Partial<Record<ThpSetting, string>>): void {
  const earlier: [file: string, value: string][] = [];
  beforeAll(() => {
    for (const [name, value] of Object.entries(settings)) {
      const file = `/sys/kernel/mm/transparent_hugepage/${name}`;
      earlier.push([file, selected(readFileSync(file, 'utf8'))]);
      writeFileSync(file, value);
    }
  });
  afterAll(() => {
    for (const [file, value] of earlier) writeFileSync(file, value);
  });
}
