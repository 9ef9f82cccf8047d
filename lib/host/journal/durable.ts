/** Files that are either the old one or the new one, whole, whenever a program or the machine dies. */
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** The neighbour that is written first. A program that was killed may have left it. */
export function temporaryName(file: string): string {
  return `${file}.new`;
}

/** Writes a temporary neighbour, fsync(2) of it, rename(2), fsync(2) of the directory. */
export function writeDurably(file: string, text: string, mode = 0o644): void {
  const temporary = temporaryName(file);
  try {
    withDescriptor(temporary, 'w', mode, (descriptor) => {
      fchmodSync(descriptor, mode); // whatever the umask
      writeSync(descriptor, text);
      fsyncSync(descriptor);
    });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDirectory(dirname(file));
}

/** fsync(2) of a directory: what was renamed in it stays so when the machine dies. */
export function syncDirectory(directory: string): void {
  withDescriptor(directory, 'r', 0, fsyncSync);
}

function withDescriptor(path: string, flags: string, mode: number, use: (descriptor: number) => void): void {
  const descriptor = openSync(path, flags, mode);
  try {
    use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
