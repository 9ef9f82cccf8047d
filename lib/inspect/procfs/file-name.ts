/** Names of files as the kernel shows them. */

/** A file of a process: what it maps, or has open. */
export interface FileName {
  /** As the process sees it. */
  readonly path: string;
  /** Whether that name is gone, or never was one: a memfd, a SysV segment. A name may end in ` (deleted)` and look so. */
  readonly deleted: boolean;
}

const DELETED = ' (deleted)';

export function parseFileName(text: string): FileName {
  const deleted = text.endsWith(DELETED);
  return { path: deleted ? text.slice(0, -DELETED.length) : text, deleted };
}
