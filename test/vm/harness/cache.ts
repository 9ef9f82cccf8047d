/** What the guests are made of, kept between runs outside the checkout. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `HUGEPAGES_VM_CACHE`, or a directory of the user's. */
export const CACHE = process.env['HUGEPAGES_VM_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'hugepages-vm');

/** A directory of the cache, made once: it is there whole or not at all. */
export function cached(name: string, make: (directory: string) => void): string {
  const path = join(CACHE, name);
  if (existsSync(path)) return path;
  mkdirSync(CACHE, { recursive: true });
  const directory = mkdtempSync(join(CACHE, '.new-'));
  try {
    make(directory);
    renameSync(directory, path);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return path;
}
