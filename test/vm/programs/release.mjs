/** Which kernel this is. */
import { release } from 'node:os';

export function since(major, minor) {
  const [ours, theirs] = release().split('.').map(Number);
  return ours > major || (ours === major && theirs >= minor);
}
