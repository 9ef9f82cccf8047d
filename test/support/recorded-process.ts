/** One process of a recorded machine, in a folder of its own. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

export const RECORDED_PID = 1234;

/** @returns a function that makes a tree whose process has these files */
export function recordedProcesses(): (files: Readonly<Record<string, string>>) => { readonly root: string } {
  const roots: string[] = [];
  afterAll(() => {
    for (const root of roots) rmSync(root, { recursive: true });
  });
  return (files) => {
    const root = mkdtempSync(path.join(tmpdir(), 'hugepages-test-'));
    roots.push(root);
    const directory = path.join(root, 'proc', String(RECORDED_PID));
    mkdirSync(directory, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(directory, name), text);
    return { root };
  };
}
