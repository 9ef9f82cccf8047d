/** Which mounts no path leads to any more. */
import type { MountEntry } from './mountinfo.js';

/**
 * Tells whether another mount covers a mount: on the same directory, or on one on the way there, which is a directory of its parent,
 * of the parent's parent and so on. The order of mountinfo says nothing of that: it is the order of the ids since Linux 6.8.
 *
 * @param entries - all mounts of the namespace
 */
export function covers(entries: readonly MountEntry[]): (entry: MountEntry) => boolean {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  // The root of the first mount namespace is its own parent.
  const places = new Set(entries.filter(({ id, parent }) => id !== parent).map(({ parent, mountPoint }) => place(parent, mountPoint)));
  const isPassed = ({ parent, mountPoint }: MountEntry): boolean => {
    const start = byId.get(parent)?.mountPoint ?? '/';
    return directoriesAbove(mountPoint).some((directory) => directory.length >= start.length && places.has(place(parent, directory)));
  };
  return (entry) => {
    if (places.has(place(entry.id, entry.mountPoint))) return true;
    // No kernel writes a circle, and a recorded tree might.
    const seen = new Set<MountEntry>();
    for (let mount: MountEntry | undefined = entry; mount !== undefined && !seen.has(mount); mount = byId.get(mount.parent)) {
      if (isPassed(mount)) return true;
      seen.add(mount);
    }
    return false;
  };
}

function place(parent: number, directory: string): string {
  return `${String(parent)} ${directory}`;
}

/** `/`, `/mnt` for `/mnt/huge`. */
function directoriesAbove(path: string): string[] {
  return path === '/' ? [] : [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index) || '/');
}
