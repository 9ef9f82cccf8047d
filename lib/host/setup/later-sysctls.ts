/** Files of sysctl.d that are read after the one of setup, and have the last word at boot. */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { readText, underRoot } from '../text.js';
import type { RootOptions } from '../text.js';
import type { LeftItem } from './changes.js';

/** As systemd-sysctl looks for files: of one name, only that of the first directory counts. */
const DIRECTORIES = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d'];

/**
 * Settings that will be others at the next boot.
 *
 * @param path - of the file that setup writes
 * @param text - what it says
 */
export function overriddenSysctls(path: string, text: string, options: RootOptions): LeftItem[] {
  const last = new Map<string, { path: string; value: string }>();
  for (const later of filesAfter(basename(path), options)) {
    for (const [name, value] of parseSysctls(readText(later, options) ?? '')) last.set(name, { path: later, value });
  }
  return [...parseSysctls(text)].flatMap(([name, wanted]) => {
    const found = last.get(name);
    if (found === undefined || found.value === wanted) return [];
    return [{ path: found.path, reason: `it sets ${name} = ${found.value} at boot, after ${basename(path)}: remove that line` }];
  });
}

function filesAfter(name: string, options: RootOptions): string[] {
  const files = new Map<string, string>();
  for (const directory of DIRECTORIES) {
    for (const entry of entriesOf(underRoot(directory, options))) {
      if (entry.endsWith('.conf') && entry > name && !files.has(entry)) files.set(entry, `${directory}/${entry}`);
    }
  }
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
}

function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // not there
  }
}

/** Names and values; the last of one name counts. `-` before a name: no error when it fails. A slash stands for a dot. */
export function parseSysctls(text: string): Map<string, string> {
  const settings = text.split('\n').flatMap((line) => {
    const [, name = '', value = ''] = /^\s*-?([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return name === '' ? [] : [[name.replaceAll('/', '.'), value] as const];
  });
  return new Map(settings);
}
