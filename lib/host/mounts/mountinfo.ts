/** The mounts of a mount namespace, of any file system: `/proc/PID/mountinfo`, see `man 5 proc_pid_mountinfo`. */

/** One line of mountinfo. */
export interface MountEntry {
  /** Unique among the mounts that are there now. */
  readonly id: number;
  /** The mount that it lies on. One outside of what the process can reach is not listed. */
  readonly parent: number;
  /** `major:minor` of the file system. */
  readonly device: string;
  /** The directory of the file system that is the mount's root: other than `/` for a bind mount. */
  readonly root: string;
  readonly mountPoint: string;
  /** Of this mount: `rw`, `nosuid`. */
  readonly options: readonly string[];
  /** `hugetlbfs`, `cgroup2`. */
  readonly type: string;
  readonly source: string;
  /** Of the file system: `rw`, `pagesize=2M`. */
  readonly superOptions: readonly string[];
}

/** The mounts in the text, in the kernel's order, which says nothing of which covers which: see `covers()`. Other lines are left out. */
export function parseMountinfo(text: string): MountEntry[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ');
    // From the seventh field on come any number of optional ones, up to a lone dash.
    const dash = fields.indexOf('-', 6);
    const [id, parent, device, root, mountPoint, options] = fields;
    const [type, source, superOptions] = fields.slice(dash + 1);
    if (dash === -1 || device === undefined || root === undefined || mountPoint === undefined) return [];
    if (options === undefined || type === undefined) return [];
    return {
      id: Number(id),
      parent: Number(parent),
      device,
      root: unescapeOctal(root),
      mountPoint: unescapeOctal(mountPoint),
      options: options.split(','),
      type: unescapeOctal(type),
      source: unescapeOctal(source ?? ''),
      superOptions: (superOptions ?? '').split(',').map(unescapeOctal),
    };
  });
}

/** The kernel writes blank, tab, newline, `#` and backslash as three octal digits. */
function unescapeOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}
