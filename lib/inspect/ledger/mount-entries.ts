/** What mounts tell of the reservations of their files, and what they keep for themselves. */
import { statfsSync } from 'node:fs';
import { exactly, likeliest } from './claims.js';
import type { Amount } from './claims.js';
import type { Entry } from './entry.js';
import type { MountedFileSystem } from './mounted.js';
import { settle } from './settle.js';

/** The entries of a mount, with one for the rest of its `min_size`. */
export function mountEntries(fileSystem: MountedFileSystem, entries: readonly Entry[]): Entry[] {
  const own = counted(
    fileSystem,
    entries.filter(({ device }) => device === fileSystem.device),
  );
  const { minSize, pageSize, places, device } = fileSystem;
  if (minSize === 0) return own;
  const draft = { kind: 'mount' as const, mountPoint: places[0] ?? '', device, used: 0, holders: [] };
  const inUse = sum(own.map(({ used, claim }) => used + (claim === undefined ? 0 : likeliest(claim))));
  return [...own, { draft, used: 0, claim: restOf(minSize / pageSize, inUse), device }];
}

/**
 * Without `size` the kernel adds what is freed to the rest, also while the files have more than the minimum; with `size` it may forget it:
 * see isForgetful().
 */
function restOf(minimum: number, inUse: number): Amount {
  const rest = Math.max(0, minimum - inUse);
  return { usual: [[rest, rest]], least: 0, most: minimum, firm: false };
}

/** Where the mount counts what its files have and what is reserved for them, the claims come to that. */
function counted({ places, isCounted }: MountedFileSystem, entries: Entry[]): Entry[] {
  const taken = isCounted ? takenPages(places[0] ?? '') : undefined;
  if (taken === undefined) return entries;
  const claims = entries.flatMap((row) => (row.claim === undefined ? [] : { row, ...row.claim }));
  const { reserved, undetermined, residue } = settle(claims, taken - sum(entries.map(({ used }) => used)));
  if (undetermined.among.length > 0 || residue !== 0) return entries;
  return entries.map((entry) => ({ ...entry, claim: exactly(reserved.get(entry) ?? 0) }));
}

/** Undefined where it cannot be asked any more. */
function takenPages(place: string): number | undefined {
  try {
    const { blocks, bfree } = statfsSync(place);
    return blocks - bfree;
  } catch {
    return undefined;
  }
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
