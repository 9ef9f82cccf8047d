/**
 * The ledger, page maps and processes, on two nodes, and on kernels that count segments, and what is reserved, in other ways, and that
 * have neither PAGEMAP_SCAN nor PROCMAP_QUERY.
 */
import { guestTests } from './harness/guest-tests.js';

for (const kernel of ['6.12', '6.1', '5.10'] as const) await guestTests({ kernel, nodes: [768, 512] }, 'inspect.mjs');
