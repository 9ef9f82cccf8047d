import { fileURLToPath } from 'node:url';

/** Where a recorded machine is: a part of `/proc` and `/sys`, in the kernel's formats. */
export function fixture(name: string): { readonly root: string } {
  return { root: fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url)) };
}

/** A tree as the kernel of a machine with two NUMA nodes shows it. */
export const TWO_NODES = fixture('two-nodes');
