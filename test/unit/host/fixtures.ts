import { fileURLToPath } from 'node:url';

/** A tree as the kernel of a machine with two NUMA nodes shows it. */
export const TWO_NODES = { root: fileURLToPath(new URL('../../fixtures/two-nodes', import.meta.url)) };
