/** Memory objects on kernels without MFD_NOEXEC_SEAL, and killed while they are made. */
import { guestTests } from './harness/guest-tests.js';

for (const kernel of ['6.12', '6.1', '5.10'] as const) await guestTests({ kernel, nodes: [1024] }, 'sources.mjs');
