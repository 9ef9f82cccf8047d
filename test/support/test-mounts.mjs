/** The directories that tests mount in: what a killed test left there is found and removed by their name. */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Begins the names of the directories in the system's directory for temporary files. */
export const MOUNTS_PREFIX = 'hugepages-test-mounts-';

const unescape = (field) => field.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(parseInt(digits, 8)));

/** Everything mounted below a directory. */
export function mountsBelow(directory) {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => unescape(line.split(' ', 5)[4] ?? ''))
    .filter((mountPoint) => mountPoint.startsWith(`${directory}/`));
}

/** Unmounts everything below a directory. One mount may lie on another, in whatever order they are listed. */
export function unmountBelow(directory) {
  for (let rounds = mountsBelow(directory).length; rounds > 0; rounds--) {
    for (const mountPoint of mountsBelow(directory)) spawnSync('umount', [mountPoint]);
  }
}

/** The directories that are there now. */
export function testDirectories() {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith(MOUNTS_PREFIX))
    .map((name) => join(tmpdir(), name));
}

/** Removes them with all that is mounted below. */
export function removeTestDirectories() {
  for (const directory of testDirectories()) {
    unmountBelow(directory);
    rmSync(directory, { recursive: true });
  }
}
