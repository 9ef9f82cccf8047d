/** The memfds of this process, as other processes reach them. */
import { readdirSync, readlinkSync } from 'node:fs';

/** The path of the one whose region was allocated with this name. */
export function memfdPath(name: string): string {
  const descriptors = readdirSync('/proc/self/fd');
  const found = descriptors.find((descriptor) => linkOf(descriptor).startsWith(`/memfd:hugepages:${name}:`));
  if (found === undefined) throw new Error(`no memfd ${name}`);
  return `/proc/${String(process.pid)}/fd/${found}`;
}

// The descriptor that reads the directory is among them, and gone.
function linkOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return '';
  }
}
