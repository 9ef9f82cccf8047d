/** Seals of a memfd: F_SEAL_* of include/uapi/linux/fcntl.h, by name. */
import { checkArray, checkOneOf } from '../arguments.js';

/**
 * What can no longer be done to an object: `seal` adds no more seals; `shrink`, `grow` change its size; `write` writes to it at all,
 * `future-write` by new mappings (Linux 5.1); `exec` makes it executable (6.3).
 */
export type Seal = 'seal' | 'shrink' | 'grow' | 'write' | 'future-write' | 'exec';

const BITS: Readonly<Record<Seal, number>> = { seal: 1, shrink: 2, grow: 4, write: 8, 'future-write': 16, exec: 32 };
const NAMES = Object.keys(BITS) as Seal[];

export function sealNames(bits: number): Seal[] {
  return NAMES.filter((name) => (bits & BITS[name]) !== 0);
}

/** @returns the bits of a list of names */
export function parseSeals(value: unknown, name: string): number {
  const names = checkArray(value, name).map((seal, i) => checkOneOf(seal, `${name}[${String(i)}]`, NAMES));
  return names.reduce((bits, seal) => bits | BITS[seal], 0);
}
