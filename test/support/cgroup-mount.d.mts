export const CGROUP2: string | undefined;
export const CGROUP_PREFIX: string;
