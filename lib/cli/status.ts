/** `hugepages status`: what the machine offers this process. */
import { parseArgs } from 'node:util';
import { cgroupLimits } from '../host/cgroups.js';
import type { CgroupLimits } from '../host/cgroups.js';
import { container } from '../host/container.js';
import type { ContainerState } from '../host/container.js';
import { limits } from '../host/limits.js';
import type { ProcessLimits } from '../host/limits.js';
import { mounts } from '../host/mounts/mounts.js';
import type { HugetlbfsMount } from '../host/mounts/mounts.js';
import { nodeMemory } from '../host/node-memory.js';
import type { NodeMemory } from '../host/node-memory.js';
import { pools } from '../host/pools/pools.js';
import type { PoolSnapshot } from '../host/pools/pools.js';
import type { RootOptions } from '../host/text.js';
import { thp } from '../host/thp.js';
import type { ThpState } from '../host/thp.js';
import type { Command } from './command.js';
import { print } from './output.js';
import { renderStatus } from './status/render.js';
import { rootValue } from './values.js';

/** What `hugepages status --json` prints. A key is missing where the kernel has no such thing; null is a limit that is infinite. */
export interface StatusReport {
  readonly pools: readonly PoolSnapshot[];
  readonly thp: ThpState;
  readonly nodes: readonly NodeMemory[];
  readonly mounts: readonly HugetlbfsMount[];
  readonly limits: ProcessLimits;
  readonly cgroups: CgroupLimits;
  readonly container: ContainerState;
}

const HELP = `Usage: hugepages status [--json] [--root DIR]

Shows the hugetlb pools, the settings of transparent huge pages, the memory of
each NUMA node and how much of it they are, the hugetlbfs mounts, what this
process is allowed, what its cgroups limit, and what a container keeps from it.
Changes nothing, and needs no root.

Options:
  --json      one JSON object; sizes are bytes, pools count pages:
                pools[]    pageSize, total, free, reserved, surplus, overcommit,
                           isDefault, perNode[] { node, total, free, surplus },
                           mempolicy, demoteSize
                thp        enabled, defrag, shmem, pmdSize, khugepagedDefrag,
                           processEnabled
                nodes[]    node, total, free, anonHugePages, shmemHugePages,
                           fileHugePages
                mounts[]   mountPoint, pageSize, size, minSize, nrInodes, uid,
                           gid, mode, hidden, id, device, root, source,
                           options[]
                limits     memlock, addressSpace, data { soft, hard },
                           lockedBytes, mappedBytes, dataBytes, uid, groups[],
                           capabilities { ipcLock, sysAdmin, sysResource },
                           allowedCpus[], allowedMems[], thpEnabled,
                           hugetlbShmGroup, mayMakeHugetlbShm, shmmax,
                           shmall (base pages)
                cgroups    hugetlb[] { pageSize, version, readOnly, levels[] {
                           path, directory, limit, usage, reservedLimit,
                           reservedUsage } }, memory { version, readOnly,
                           levels[] { path, directory, limit, usage,
                           reclaimable } },
                           accountsHugetlb
                container  kind, readOnlySysfs, otherMountNamespace,
                           otherUserNamespace, poolsWritable
              A key is missing where the kernel has no such thing or does not
              say; null means that there is no limit.
  --root DIR  the recorded proc and sys of another machine
  --help      this text

Exit code: 0, 1 when something cannot be read, 2 for a wrong command line.

Examples:
  hugepages status
  hugepages status --json | jq '.pools[] | select(.isDefault).free'
  hugepages status --root /tmp/recorded
`;

export const status: Command = {
  help: HELP,
  run(args) {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, root: { type: 'string' } } });
    print(readStatus(rootValue(values.root)), values.json, renderStatus);
    return 0;
  },
};

/** Reads everything, one file after another: the parts may be of different moments. */
export function readStatus(options: RootOptions): StatusReport {
  return {
    pools: pools(options),
    thp: thp(options),
    nodes: nodeMemory(options),
    mounts: mounts(options),
    limits: limits(options),
    cgroups: cgroupLimits(options),
    container: container(options),
  };
}
