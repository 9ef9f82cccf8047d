/** Pages of 1 GiB: by node, and where the processor has none. */
import { setup } from '../../lib/index.js';
import { TWO_NODES } from '../unit/host/fixtures.js';
import { guestTests } from './harness/guest-tests.js';

const plan = { pools: [{ pageSize: '1GiB', nodes: { 1: 1 } }] };
const { kernelParameters = '' } = await setup(plan, { root: TWO_NODES.root, dryRun: true });

await guestTests({ kernel: '6.12', nodes: [1024, 3072], parameters: kernelParameters }, 'gigantic.mjs');
await guestTests({ kernel: '6.12', nodes: [1024], cpu: 'qemu64' }, 'no-gigantic.mjs');
