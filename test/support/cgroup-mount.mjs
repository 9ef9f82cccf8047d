import { existsSync } from 'node:fs';

/** Where the cgroup v2 hierarchy is mounted; beside a v1 hierarchy it is `unified`. Undefined where there is none. */
export const CGROUP2 = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].find((mount) => existsSync(`${mount}/cgroup.controllers`));

/** Begins the names of the cgroups that tests make. */
export const CGROUP_PREFIX = 'hugepages-test-';
