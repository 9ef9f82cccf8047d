/** Sizes, addresses and seals on kernels that move less: mremap(2) has learnt it in pieces. */
import { guestTests } from './harness/guest-tests.js';

for (const kernel of ['6.12', '6.1', '5.10'] as const) await guestTests({ kernel, nodes: [1024] }, 'resize.mjs');
