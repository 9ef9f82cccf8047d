/** Regions without their pages, on kernels with and without MADV_POPULATE_WRITE; and memory errors, which a guest may have. */
import { guestTests } from './harness/guest-tests.js';

for (const kernel of ['6.12', '5.10'] as const) await guestTests({ kernel, nodes: [1024] }, 'survival.mjs');
