/** The modules of a kernel that a guest needs to see the files of its host. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { decompress } from './tools.js';

/** The host's files over virtio, a layer above them that can be written, and for an example of its own the balloon. */
export const NEEDED = ['virtio_pci', '9pnet_virtio', '9p', 'overlay', 'virtio_balloon'];

/**
 * @param directory - an unpacked kernel
 * @param files - paths below it
 * @returns module by name, each behind those it depends on; what is built into the kernel is missing
 */
export function guestModules(directory: string, files: readonly string[]): Map<string, Buffer> {
  const paths = new Map(files.flatMap((file) => (/\.ko(\.xz)?$/.test(file) ? [[moduleName(file), join(directory, file)]] : [])));
  const modules = new Map<string, Buffer>();
  const add = (name: string): void => {
    const path = paths.get(name);
    if (path === undefined || modules.has(name)) return;
    const module = decompress(readFileSync(path));
    const depends = /\0depends=([^\0]*)\0/.exec(module.toString('latin1'))?.[1] ?? '';
    depends.split(',').forEach(add);
    modules.set(name, module);
  };
  NEEDED.forEach(add);
  return modules;
}

/** As the kernel writes it: `fs/9p/9p.ko.xz` → `9p` */
function moduleName(file: string): string {
  return basename(file).replace(/\.ko.*$/, '').replaceAll('-', '_');
}
