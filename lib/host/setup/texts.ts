/** The files that make a plan permanent, as pure functions of it. */
import { GiB } from '../../units.js';
import { pagesFile, poolDirectory } from '../pools/pools.js';
import { thpFile } from '../set-thp.js';
import type { ThpChange } from '../set-thp.js';
import { formatMount, kernelSize } from './mount-text.js';
import type { ParsedMount, ParsedPlan, ParsedPool } from './plan.js';

/** What sysctl can say. */
export const SYSCTL = '/etc/sysctl.d/60-hugepages.conf';

/** The oneshot unit for what sysctl cannot say. */
export const SERVICE = 'hugepages-setup.service';

const HEADER = `# Written by 'hugepages setup', and replaced by its next run: put settings of your own into other files.
# Taken back by 'hugepages setup --undo'.
`;

/** One kernel file and what the oneshot unit writes to it at boot. */
type BootWrite = readonly [file: string, value: number | string];

/** The text of {@link SYSCTL}, of the default page size only. Undefined when there is nothing. */
export function sysctlText({ pools, shmGroup }: ParsedPlan): string | undefined {
  const byDefault = pools.find(({ isDefault }) => isDefault);
  const lines = [
    ['vm.nr_hugepages', typeof byDefault?.pages === 'number' ? byDefault.pages : undefined],
    ['vm.nr_overcommit_hugepages', byDefault?.overcommit],
    ['vm.hugetlb_shm_group', shmGroup],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${String(name)} = ${String(value)}\n`]));
  return lines.length === 0 ? undefined : HEADER + lines.join('');
}

/**
 * The oneshot unit: pools by node and of other page sizes, and transparent huge pages. Undefined when there is nothing.
 *
 * It runs as soon as sysctl has, before there is a file system to mount that reserves pages and before anything else takes memory.
 * One write that this boot's kernel refuses keeps none of the others from being made, and fails the unit.
 */
export function serviceText(plan: ParsedPlan): string | undefined {
  const writes = [...plan.pools.flatMap(poolWrites), ...thpWrites(plan.thp)];
  if (writes.length === 0) return undefined;
  const lines = writes.map(([file, value]) => `  echo ${String(value)} > ${file} || failed=1; \\\n`);
  return `${HEADER}[Unit]
Description=Huge pages: pools by node and of other sizes, transparent huge pages
DefaultDependencies=no
Conflicts=shutdown.target
After=systemd-sysctl.service
Before=sysinit.target shutdown.target
ConditionPathIsReadWrite=/sys

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'failed=0; \\
${lines.join('')}  exit $$failed'

[Install]
WantedBy=sysinit.target
`;
}

function poolWrites({ pageSize, isDefault, pages, overcommit }: ParsedPool): BootWrite[] {
  const writes: BootWrite[] = [];
  if (typeof pages === 'object') {
    for (const [node, count] of pages) writes.push([pagesFile(pageSize, node), count]);
  } else if (pages !== undefined && !isDefault) {
    writes.push([pagesFile(pageSize), pages]);
  }
  if (overcommit !== undefined && !isDefault) writes.push([overcommitFile(pageSize), overcommit]);
  return writes;
}

/** The file that says how many surplus pages a pool may have. */
export function overcommitFile(pageSize: number): string {
  return `${poolDirectory(pageSize)}/nr_overcommit_hugepages`;
}

function thpWrites(thp: ThpChange): BootWrite[] {
  return (Object.entries(thp) as [keyof ThpChange, string][]).map(([setting, word]) => [thpFile(setting), word]);
}

/** The unit of one hugetlbfs mount. */
export function mountUnitText(mount: ParsedMount): string {
  return `${HEADER}[Unit]
Description=Huge pages of ${kernelSize(mount.pageSize)} at ${specifiersEscaped(mount.path)}
After=systemd-sysctl.service ${SERVICE}

[Mount]
What=hugetlbfs
Where=${specifiersEscaped(mount.path)}
Type=hugetlbfs
Options=nosuid,nodev,${specifiersEscaped(formatMount(mount))}

[Install]
WantedBy=local-fs.target
`;
}

/**
 * Kernel parameters for pools of gigabytes, or of larger pages than the default: memory in so large pieces is certain only at boot.
 * Undefined when there are none. Nodes, as in `hugepages=0:2`, since Linux 5.16.
 */
export function kernelParameters({ pools }: ParsedPlan, defaultSize: number): string | undefined {
  const parameters = pools.flatMap(({ pageSize, pages }) => {
    if (pages === undefined || (pageSize <= defaultSize && pageSize < GiB)) return [];
    const counts = typeof pages === 'number' ? String(pages) : [...pages].map(([node, count]) => `${String(node)}:${String(count)}`);
    return [`hugepagesz=${kernelSize(pageSize)}`, `hugepages=${String(counts)}`];
  });
  return parameters.length === 0 ? undefined : parameters.join(' ');
}

/** systemd replaces `%u` and the like. */
function specifiersEscaped(text: string): string {
  return text.replaceAll('%', '%%');
}
