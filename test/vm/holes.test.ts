/** Holes on kernels that treat the reservation of private memory differently. */
import { guestTests } from './harness/guest-tests.js';

for (const kernel of ['6.12', '6.1', '5.10'] as const) await guestTests({ kernel, nodes: [1024] }, 'holes.mjs');
