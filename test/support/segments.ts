/** The System V segments as the kernel lists them: the tests' own reader. */
import { readFileSync } from 'node:fs';

const SHM_DEST = 0o1000;

export function segments(): { id: number; key: number; attached: number; marked: boolean }[] {
  const [, ...lines] = readFileSync('/proc/sysvipc/shm', 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [key, id, mode = '', , , , attached] = line.trim().split(/\s+/);
    return { id: Number(id), key: Number(key), attached: Number(attached), marked: (parseInt(mode, 8) & SHM_DEST) !== 0 };
  });
}
