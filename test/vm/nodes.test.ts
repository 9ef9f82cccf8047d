/** Pools of several nodes, of which the last is small. */
import { guestTests } from './harness/guest-tests.js';

const nodes = [1024, 768, 768, 256];

for (const kernel of ['6.12', '6.1', '5.10'] as const) await guestTests({ kernel, nodes }, 'pools.mjs');
for (const program of ['killed.mjs', 'setup.mjs', 'allocations.mjs']) await guestTests({ kernel: '6.12', nodes }, program);
