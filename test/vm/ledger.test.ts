/** The ledger on kernels that count segments, and what is reserved, in other ways. */
import { guestTests } from './harness/guest-tests.js';

for (const kernel of ['6.12', '6.1', '5.10'] as const) await guestTests({ kernel, nodes: [1024] }, 'ledger.mjs');
