/** The container of a process, as the names of its cgroups tell it. */
import type { CgroupMembership } from '../../host/cgroup-hierarchy.js';
import { cgroupHint } from '../../host/container.js';

/** A container, as the machine sees it. */
export interface ContainerId {
  /** `docker`, `podman`, `kubernetes`, `lxc`; undefined where the path does not say. */
  readonly kind: string | undefined;
  /** 64 hexadecimal digits, of which users see the first 12, or a name. */
  readonly id: string;
}

// docker-ID.scope, cri-containerd-ID.scope, libpod-ID.scope, SLICE:cri-containerd:ID, docker/ID. conmon only watches a container.
const HEX_ID = /^(?!.*\bconmon\b)(?:.*[-:])?([0-9a-f]{64})(?:\.scope)?$/;
// Amazon ECS: TASK-NUMBER
const TASK_ID = /^([0-9a-f]{32}-\d+)$/;
const LXC_NAME = /^lxc\.payload\.(.+)$/;
const PATTERNS = [HEX_ID, TASK_ID, LXC_NAME];

/** The innermost container that a cgroup of the process is named after. */
export function containerOf(memberships: readonly CgroupMembership[]): ContainerId | undefined {
  for (const { path } of memberships) {
    if (path === '/') continue;
    // A container may have cgroups of its own below.
    const [id] = path.split('/').reverse().flatMap(idOf);
    if (id !== undefined) return { kind: cgroupHint(path), id };
  }
  return undefined;
}

function idOf(segment: string): string[] {
  return PATTERNS.flatMap((pattern) => pattern.exec(segment)?.[1] ?? []);
}
